package dev.freehold.services.lambda.code;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Code that is a folder of this host instead of a package: what is changed there is live at once.
/// It is asked for by an S3 bucket that can't be one, as LocalStack has it, so that every
/// deployment tool can.
///
/// @param path absolute, without symbolic links
public record LiveFolder(Path path) {
    /// The name that stands where a bucket's would be; the key is the folder's path.
    public static final String BUCKET = "hot-reload";

    /// What is answered as the hash of such code. Editors know it by its beginning.
    public static final String SHA256 = "hot-reloading-hash-not-available";

    private static final String PREFIX = "folder:";

    /// The folder that a version's code is, or null when it is a package.
    public static @Nullable LiveFolder of(String code) {
        return code.startsWith(PREFIX)
                ? new LiveFolder(Path.of(code.substring(PREFIX.length())))
                : null;
    }

    /// What a version has as its code; no SHA-256 is like it.
    public String code() {
        return PREFIX + path;
    }
}
