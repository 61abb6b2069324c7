package dev.freehold.sandbox.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An image as it was found, by digests.
///
/// @param uri where it was looked for
/// @param digest its manifest's
/// @param layers from the lowest to the uppermost
/// @param entrypoint the program, with arguments
/// @param command more arguments
/// @param environment variables, `NAME=value`
/// @param workingDirectory where the program starts
public record Image(
        String uri,
        String digest,
        List<Layer> layers,
        List<String> entrypoint,
        List<String> command,
        List<String> environment,
        String workingDirectory) {
    /// How many bytes come out of a compressed one: more than of most.
    private static final int EXPANSION = 3;

    /// One layer.
    ///
    /// @param digest by which its source has it
    /// @param content the digest of its tar, uncompressed
    /// @param size as its source has it, in bytes
    public record Layer(String digest, String content, long size) {}

    /// As bytes that [#read] reads.
    public byte[] write() {
        return Documents.write(this);
    }

    public static Image read(byte[] written) {
        return Documents.read(written, Image.class);
    }

    /// How many bytes all layers have, as the source has them.
    public long size() {
        return layers.stream().mapToLong(Layer::size).sum();
    }

    /// How much room its files may take: an estimate.
    public long room() {
        return Math.min(Rootfs.MAX_SIZE, size() * EXPANSION);
    }

    /// What a function starts in it.
    ///
    /// @param ownEntrypoint instead of the image's; null when the image's stays
    /// @param ownCommand the same
    /// @param ownDirectory the same
    public ImageProcess process(
            @Nullable List<String> ownEntrypoint,
            @Nullable List<String> ownCommand,
            @Nullable String ownDirectory) {
        List<String> words = new ArrayList<>(or(ownEntrypoint, entrypoint));
        words.addAll(or(ownCommand, command));
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : environment) {
            int end = variable.indexOf('=');
            if (end > 0) {
                variables.put(variable.substring(0, end), variable.substring(end + 1));
            }
        }
        String directory =
                ownDirectory == null || ownDirectory.isEmpty() ? workingDirectory : ownDirectory;
        return new ImageProcess(words, variables, directory);
    }

    private static List<String> or(@Nullable List<String> own, List<String> image) {
        return own == null || own.isEmpty() ? image : own;
    }
}
