package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionCodeLocation;
import dev.freehold.protocol.Caller;
import dev.freehold.sandbox.image.Image;
import dev.freehold.services.lambda.code.CodeLinks;
import dev.freehold.services.lambda.code.ContainerImages;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.ImageSettings;
import dev.freehold.services.lambda.state.VersionRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The code of functions: a package, or a container image.
///
/// @param links makes the places where a package can be fetched
public record Code(Packages packages, ContainerImages images, CodeLinks links) {
    /// Code that was accepted, and that nothing has yet.
    ///
    /// @param sha256 as it is shown
    /// @param size the same
    record Kept(Packages.Kept packaged, String sha256, long size) {}

    /// Takes code.
    ///
    /// @param uri the image's, or null
    /// @param source the package's
    Kept keep(@Nullable String uri, Packages.Source source, Caller caller) {
        boolean zip = source.zip() != null || source.bucket() != null || source.key() != null;
        if (uri == null) {
            Packages.Kept kept = packages.keep(source, caller);
            return new Kept(kept, kept.sha256(), kept.size());
        }
        if (zip) {
            throw Errors.invalid(
                    "Please do not provide other FunctionCode parameters when providing an"
                            + " ImageUri.");
        }
        ContainerImages.Kept kept = images.keep(uri, caller);
        return new Kept(kept.packaged(), digits(kept.image()), 0);
    }

    private static String digits(Image image) {
        return image.digest().substring(image.digest().indexOf(':') + 1);
    }

    /// Whether code may become a function's.
    static void check(VersionRow before, @Nullable String uri) {
        boolean image = ImageSettings.isImage(before.configuration());
        if (image && uri == null) {
            throw Errors.invalid(
                    "Please provide ImageUri when updating a function with packageType Image.");
        }
        if (!image && uri != null) {
            throw Errors.invalid(
                    "Please don't provide ImageUri when updating a function with packageType"
                            + " Zip.");
        }
    }

    FunctionCodeLocation location(VersionRow row, Instant now) {
        if (!ImageSettings.isImage(row.configuration())) {
            return FunctionCodeLocation.builder()
                    .repositoryType("S3")
                    .location(links.of(row.code(), now))
                    .build();
        }
        Image image = images.image(row.code());
        return FunctionCodeLocation.builder()
                .repositoryType("ECR")
                .imageUri(image.uri())
                .resolvedImageUri(ContainerImages.resolved(image))
                .build();
    }
}
