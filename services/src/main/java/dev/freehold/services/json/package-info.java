/// JSON as trees, for the small documents that services exchange: events, envelopes, answers.
@NullMarked
package dev.freehold.services.json;

import org.jspecify.annotations.NullMarked;
