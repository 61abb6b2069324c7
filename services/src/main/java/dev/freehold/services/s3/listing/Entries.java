package dev.freehold.services.s3.listing;

/// What can be listed: entries under keys in the order of their UTF-8 bytes, all with the listing's
/// prefix.
@FunctionalInterface
public interface Entries<T> {
    /// A walk from a position on. It is closed before the next one is opened.
    Walk<T> from(Position position);

    /// Steps over the entries. It stands before the first until [#next()].
    interface Walk<T> extends AutoCloseable {
        boolean next();

        String key();

        /// The entry, or null when it is there but not listed, as a delete marker is.
        @org.jspecify.annotations.Nullable
        T value();

        @Override
        void close();
    }
}
