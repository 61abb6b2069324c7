package dev.freehold.services.s3.acl;

import dev.freehold.services.s3.acl.Grant.Right;
import dev.freehold.services.s3.error.S3Errors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The headers by which a request grants: `x-amz-acl`, or `x-amz-grant-…`.
///
/// @param canned the canned list's name, or null
public record GrantHeaders(
        @Nullable String canned,
        @Nullable String fullControl,
        @Nullable String read,
        @Nullable String readAcp,
        @Nullable String write,
        @Nullable String writeAcp) {

    /// Whether the request says nothing about grants.
    public boolean absent() {
        return canned == null && !hasGrants();
    }

    private boolean hasGrants() {
        return fullControl != null
                || read != null
                || readAcp != null
                || write != null
                || writeAcp != null;
    }

    /// The list that the headers spell, or null when there are none.
    public @Nullable Acl acl(String ownerId, String bucketOwnerId) {
        if (canned != null) {
            if (hasGrants()) {
                throw S3Errors.invalidRequest(
                        "Specifying both Canned ACLs and Header Grants is not allowed");
            }
            return Acl.canned(canned, ownerId, bucketOwnerId);
        }
        if (!hasGrants()) {
            return null;
        }
        List<Grant> grants = new ArrayList<>();
        add(grants, "x-amz-grant-full-control", fullControl, Right.FULL_CONTROL);
        add(grants, "x-amz-grant-read", read, Right.READ);
        add(grants, "x-amz-grant-write", write, Right.WRITE);
        add(grants, "x-amz-grant-read-acp", readAcp, Right.READ_ACP);
        add(grants, "x-amz-grant-write-acp", writeAcp, Right.WRITE_ACP);
        return new Acl(grants);
    }

    private static void add(List<Grant> grants, String name, @Nullable String header, Right right) {
        if (header == null) {
            return;
        }
        for (String part : header.split(",")) {
            int equals = part.indexOf('=');
            String type = equals < 0 ? "" : part.substring(0, equals).strip();
            String value = equals < 0 ? "" : unquote(part.substring(equals + 1).strip());
            Grantee grantee =
                    switch (type) {
                        case "id" -> Grantee.user(value, "id");
                        case "uri" -> Grantee.group(value, "uri");
                        case "emailAddress" -> throw Grantee.unresolvable(value);
                        default ->
                                throw S3Errors.invalidArgument(
                                        "Argument format not recognized", name, header);
                    };
            grants.add(new Grant(grantee, right));
        }
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
