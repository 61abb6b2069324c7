/// Listing keys in the order of their UTF-8 bytes, rolling keys up at a delimiter.
///
/// A listing's work is bounded by its page, not by the bucket: a common prefix is answered when its
/// first key is met, and then the walk leaps over all other keys of the prefix.
@NullMarked
package dev.freehold.services.s3.listing;

import org.jspecify.annotations.NullMarked;
