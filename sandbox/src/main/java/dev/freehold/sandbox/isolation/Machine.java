package dev.freehold.sandbox.isolation;

import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.image.ImageProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The machine that a function believes to run on.
///
/// @param image what runs in its container image; null when the runtime is this host's. With an
///   image, a function's code is the image's unpacked file system
/// @param mounts directories that it shares with others
/// @param egress what it reaches beside the AWS endpoint
public record Machine(@Nullable ImageProcess image, List<Mount> mounts, Egress egress) {
    /// What AWS gives unless told otherwise: a managed runtime, and the internet.
    public static final Machine STANDARD = new Machine(null, List.of(), Egress.OPEN);

    public Machine {
        mounts = List.copyOf(mounts);
    }

    /// The same with another way out.
    public Machine with(Egress changed) {
        return new Machine(image, mounts, changed);
    }

    /// Whether a sandbox that was started for any function will do.
    public boolean pooled() {
        return image == null && mounts.isEmpty();
    }
}
