@NullMarked
package dev.freehold.services;

import org.jspecify.annotations.NullMarked;
