package dev.freehold.services.lambda.rules;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The runtime identifiers of AWS.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>.
public final class RuntimeNames {
    /// What functions can be created with, in the order in which AWS's error names them.
    public static final List<String> CREATABLE =
            List.of(
                    "nodejs20.x",
                    "python3.14",
                    "provided.al2023",
                    "python3.12",
                    "python3.13",
                    "nodejs24.x",
                    "nodejs22.x",
                    "java25",
                    "python3.10",
                    "python3.11",
                    "java21",
                    "ruby3.3",
                    "ruby3.4",
                    "ruby3.2",
                    "python3.8",
                    "python3.9",
                    "java17",
                    "nodejs16.x",
                    "dotnet10",
                    "dotnet8",
                    "java11",
                    "dotnet6",
                    "nodejs18.x",
                    "provided.al2",
                    "java8.al2");

    /// What AWS's model announces and its error does not name yet.
    private static final Set<String> ANNOUNCED =
            Set.of(
                    "nodejs26.x",
                    "python3.15",
                    "ruby4.0",
                    "java8.al2023",
                    "java11.al2023",
                    "java17.al2023");

    private static final Set<String> RETIRED =
            Set.of(
                    "nodejs",
                    "nodejs4.3",
                    "nodejs4.3-edge",
                    "nodejs6.10",
                    "nodejs8.10",
                    "nodejs10.x",
                    "nodejs12.x",
                    "nodejs14.x",
                    "java8",
                    "python2.7",
                    "python3.6",
                    "python3.7",
                    "dotnetcore1.0",
                    "dotnetcore2.0",
                    "dotnetcore2.1",
                    "dotnetcore3.1",
                    "go1.x",
                    "ruby2.5",
                    "ruby2.7",
                    "provided");

    /// What AWS initialises before the first call: Java from 11, Python from 3.12, .NET from 8.
    private static final Pattern SNAP_START =
            Pattern.compile("java(1[1-9]|2\\d).*|python3\\.(1[2-9])|dotnet([8-9]|1\\d)");

    private RuntimeNames() {}

    /// Whether versions with that runtime may have SnapStart.
    static boolean snapStart(String runtime) {
        return SNAP_START.matcher(runtime).matches();
    }

    /// @throws dev.freehold.protocol.ServiceError when functions can't be created with it
    public static void check(String runtime) {
        if (RETIRED.contains(runtime)) {
            throw Errors.invalid(
                    "The runtime parameter of "
                            + runtime
                            + " is no longer supported for creating or updating AWS Lambda"
                            + " functions. We recommend you use a supported runtime while creating"
                            + " or updating functions.");
        }
        if (!CREATABLE.contains(runtime) && !ANNOUNCED.contains(runtime)) {
            throw Errors.invalid(
                    "Value "
                            + runtime
                            + " at 'runtime' failed to satisfy constraint: "
                            + demand()
                            + " or be a valid ARN");
        }
    }

    /// Whether it is or was a runtime: what layers may say that they go with.
    static boolean known(String runtime) {
        return CREATABLE.contains(runtime)
                || ANNOUNCED.contains(runtime)
                || RETIRED.contains(runtime);
    }

    static String demand() {
        return "Member must satisfy enum value set: [" + String.join(", ", CREATABLE) + "]";
    }
}
