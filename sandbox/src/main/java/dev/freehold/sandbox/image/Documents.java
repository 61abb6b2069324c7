package dev.freehold.sandbox.image;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.annotations.SerializedName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON documents of images, of OCI and of Docker: as far as they matter here.
///
/// See <https://github.com/opencontainers/image-spec>.
final class Documents {
    /// The largest document in bytes; registries refuse larger ones, too.
    static final int MAX_SIZE = 4 * 1024 * 1024;

    private static final Gson GSON = new Gson();

    private Documents() {}

    /// What another document names.
    record Descriptor(
            @Nullable String mediaType,
            @Nullable String digest,
            long size,
            @Nullable Platform platform) {}

    record Platform(@Nullable String os, @Nullable String architecture) {}

    /// A manifest, which has layers; or an index, which has manifests.
    record Manifest(
            @Nullable String mediaType,
            @Nullable Descriptor config,
            @Nullable List<Descriptor> layers,
            @Nullable List<Descriptor> manifests) {}

    /// An image's configuration.
    record Configuration(
            @Nullable String os,
            @Nullable String architecture,
            @Nullable Process config,
            @Nullable FileSystem rootfs) {}

    /// What runs in it.
    record Process(
            @SerializedName("Entrypoint") @Nullable List<String> entrypoint,
            @SerializedName("Cmd") @Nullable List<String> cmd,
            @SerializedName("Env") @Nullable List<String> env,
            @SerializedName("WorkingDir") @Nullable String workingDir) {}

    record FileSystem(@SerializedName("diff_ids") @Nullable List<String> diffIds) {}

    /// An entry of `manifest.json` in what `docker save` writes.
    record Saved(
            @SerializedName("Config") @Nullable String config,
            @SerializedName("Layers") @Nullable List<String> layers) {}

    static <T> T read(byte[] json, Class<T> type) {
        try {
            T read = GSON.fromJson(new String(json, StandardCharsets.UTF_8), type);
            if (read != null) {
                return read;
            }
        } catch (JsonSyntaxException | NumberFormatException e) {
            // said below
        }
        throw ImageException.invalid("The image has a document that is no JSON of its kind.");
    }

    static byte[] write(Object document) {
        return GSON.toJson(document).getBytes(StandardCharsets.UTF_8);
    }

    static <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw ImageException.invalid("The image has no " + what + ".");
        }
        return value;
    }
}
