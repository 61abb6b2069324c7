package dev.freehold.services.deliveries;

import java.time.Instant;

/// Where a delivery's row is: when it is due, to the millisecond, and its id.
record DueKey(Instant due, String id) {}
