package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.FileSystemConfig;
import dev.freehold.sandbox.isolation.Mount;
import dev.freehold.services.lambda.state.FunctionId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// File systems that functions mount: directories of this host, which are called access points of
/// EFS, `arn:aws:elasticfilesystem:REGION:ACCOUNT:access-point/NAME`.
///
/// @param shares the directories, by name
public record FileSystems(Map<String, Path> shares) {
    private static final String PATTERN = "^/mnt/[a-zA-Z0-9-_.]+$";
    private static final Pattern PATH = Pattern.compile(PATTERN);

    public FileSystems {
        shares = Map.copyOf(shares);
    }

    /// What a function may mount of what was asked for; null when that is nothing.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it may not
    @Nullable List<FileSystemConfig> checked(
            @Nullable List<FileSystemConfig> asked, FunctionId id) {
        if (asked == null || asked.isEmpty()) {
            return null;
        }
        if (asked.size() > 1) {
            throw invalid(
                    asked, "fileSystemConfigs", "Member must have length less than or equal to 1");
        }
        FileSystemConfig one = asked.getFirst();
        String path = String.valueOf(one.localMountPath());
        if (!PATH.matcher(path).matches() || path.endsWith("/.") || path.endsWith("/..")) {
            throw invalid(
                    path,
                    "fileSystemConfigs.1.member.localMountPath",
                    "Member must satisfy regular expression pattern: " + PATTERN);
        }
        if (share(one, id) == null) {
            throw Errors.invalid(
                    "EFS access point does not exist: "
                            + one.arn()
                            + " (this server has those of --mount NAME=DIR)");
        }
        return List.of(one);
    }

    private static RuntimeException invalid(Object value, String member, String constraint) {
        return Errors.invalid(
                "1 validation error detected: Value '"
                        + value
                        + "' at '"
                        + member
                        + "' failed to satisfy constraint: "
                        + constraint);
    }

    private @Nullable Path share(FileSystemConfig config, FunctionId id) {
        String start =
                "arn:"
                        + FunctionId.partition(id.region())
                        + ":elasticfilesystem:"
                        + id.region()
                        + ":"
                        + id.account()
                        + ":access-point/";
        String arn = String.valueOf(config.arn());
        return arn.startsWith(start) ? shares.get(arn.substring(start.length())) : null;
    }

    /// What a function's sandbox gets.
    ///
    /// @return null when this server no longer has one of them
    public @Nullable List<Mount> mounts(@Nullable List<FileSystemConfig> configs, FunctionId id) {
        if (configs == null || configs.isEmpty()) {
            return List.of();
        }
        FileSystemConfig one = configs.getFirst();
        Path directory = share(one, id);
        return directory == null
                ? null
                : List.of(new Mount(directory, String.valueOf(one.localMountPath())));
    }
}
