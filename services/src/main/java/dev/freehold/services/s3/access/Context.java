package dev.freehold.services.s3.access;

import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.function.Supplier;

/// What all operations work with.
///
/// @param store the rows
/// @param bytes the objects' bytes
/// @param deliveries where notifications are written
/// @param clock the time
/// @param ids texts that never come again
public record Context(
        Store store,
        ObjectBytes bytes,
        Deliveries deliveries,
        InstantSource clock,
        Supplier<String> ids) {}
