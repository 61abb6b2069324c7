/// What is set of a bucket: each configuration checked, kept and answered as it was put. Those that
/// something depends on are read by others through static functions: [PublicAccess], [Policies],
/// [LockDefaults].
@NullMarked
package dev.freehold.services.s3.config;

import org.jspecify.annotations.NullMarked;
