package dev.freehold.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Explains why the first sandbox did not run, with what to do about it on this host.
public final class SelfTest {
    private static final Path APPARMOR =
            Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    private static final Path DEBIAN = Path.of("/proc/sys/kernel/unprivileged_userns_clone");
    private static final Path MOST = Path.of("/proc/sys/user/max_user_namespaces");

    private SelfTest() {}

    /// @param profile a file with what AppArmor needs to be told
    public static String explain(String said, Path profile) {
        return "Functions run in sandboxes, and this host does not let one run: "
                + said
                + "\n"
                + fix(said, profile)
                + "\nOr, without any isolation between functions and this host: --isolation none";
    }

    private static String fix(String said, Path profile) {
        if (said.contains("\"bwrap\"") || said.contains("launch: bwrap: No such file")) {
            return "Bubblewrap is missing. On Debian and Ubuntu: apt-get install bubblewrap";
        }
        if (said.contains("Unknown option")) {
            return "This bubblewrap is too old: version 0.8 or newer is needed.";
        }
        if (is(APPARMOR, "1")) {
            return "AppArmor restricts user namespaces. Allow them to bubblewrap alone:"
                    + "\n  cp "
                    + profile
                    + " /etc/apparmor.d/freehold-bwrap"
                    + " && apparmor_parser -r /etc/apparmor.d/freehold-bwrap"
                    + "\nor to all programs: sysctl -w"
                    + " kernel.apparmor_restrict_unprivileged_userns=0";
        }
        if (is(DEBIAN, "0")) {
            return "User namespaces are off: sysctl -w kernel.unprivileged_userns_clone=1";
        }
        if (is(MOST, "0")) {
            return "User namespaces are off: sysctl -w user.max_user_namespaces=65536";
        }
        return "In a container, it needs what Docker calls --security-opt seccomp=unconfined"
                + " --security-opt apparmor=unconfined --cap-add SYS_ADMIN.";
    }

    private static boolean is(Path setting, String value) {
        try {
            return Files.readString(setting).strip().equals(value);
        } catch (IOException e) {
            return false;
        }
    }
}
