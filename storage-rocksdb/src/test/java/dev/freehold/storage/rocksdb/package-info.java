@NullMarked
package dev.freehold.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
