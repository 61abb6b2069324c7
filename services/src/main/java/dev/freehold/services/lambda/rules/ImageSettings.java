package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.ImageConfig;
import dev.freehold.api.lambda.ImageConfigResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may be set of functions that are container images, and of no others.
public final class ImageSettings {
    private static final String NOT_WITH_IMAGES =
            "Please don't provide Handler or Runtime or Layer when the intended function"
                    + " PackageType is Image.";

    private ImageSettings() {}

    /// Whether a function is an image.
    public static boolean isImage(FunctionConfiguration configuration) {
        return "Image".equals(configuration.packageType());
    }

    /// Whether a new function is to be an image; its settings must fit.
    public static boolean isImage(CreateFunctionRequest in) {
        boolean image = "Image".equals(in.packageType());
        boolean uri = in.code() != null && in.code().imageUri() != null;
        if (!image) {
            unless(
                    !uri,
                    "Please don't provide ImageUri when the intended function PackageType is Zip.");
            unless(
                    in.imageConfig() == null,
                    "Please don't provide ImageConfig when the intended function PackageType is"
                            + " Zip.");
            return false;
        }
        unless(in.runtime() == null && in.handler() == null && none(in.layers()), NOT_WITH_IMAGES);
        unless(uri, "Please provide ImageUri when creating a function with packageType Image.");
        unless(
                in.snapStart() == null || !"PublishedVersions".equals(in.snapStart().applyOn()),
                "SnapStart is not supported for functions with packageType Image.");
        return true;
    }

    /// Changes what a request sets; it must fit.
    static void update(
            FunctionConfiguration before,
            UpdateFunctionConfigurationRequest in,
            FunctionConfiguration.Builder next) {
        if (!isImage(before)) {
            unless(
                    in.imageConfig() == null,
                    "Please don't provide ImageConfig when updating a function with packageType"
                            + " Zip.");
            return;
        }
        unless(in.runtime() == null && in.handler() == null && none(in.layers()), NOT_WITH_IMAGES);
        if (in.imageConfig() != null) {
            next.imageConfigResponse(response(in.imageConfig()));
        }
    }

    private static boolean none(@Nullable List<?> layers) {
        return layers == null || layers.isEmpty();
    }

    static @Nullable ImageConfigResponse response(@Nullable ImageConfig config) {
        boolean empty =
                config == null
                        || (none(config.entryPoint())
                                && none(config.command())
                                && config.workingDirectory() == null);
        return empty ? null : ImageConfigResponse.builder().imageConfig(config).build();
    }

    /// What the function sets instead of its image.
    public static ImageConfig config(FunctionConfiguration configuration) {
        ImageConfigResponse response = configuration.imageConfigResponse();
        ImageConfig config = response == null ? null : response.imageConfig();
        return config == null ? ImageConfig.builder().build() : config;
    }

    private static void unless(boolean right, String message) {
        if (!right) {
            throw Errors.invalid(message);
        }
    }
}
