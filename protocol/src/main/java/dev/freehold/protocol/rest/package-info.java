/// The REST protocols, restJson1 and restXml: what is bound to path, query, headers and body.
@NullMarked
package dev.freehold.protocol.rest;

import org.jspecify.annotations.NullMarked;
