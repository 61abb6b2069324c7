package dev.freehold.services.s3.acl;

import dev.freehold.services.s3.acl.Grant.Right;
import dev.freehold.services.s3.error.S3Errors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lines of a list.
public record Acl(List<Grant> grants) {
    /// The most lines that a list may have.
    public static final int MOST_GRANTS = 100;

    public Acl {
        grants = List.copyOf(grants);
    }

    /// Full control for the owner, and nothing else.
    public static Acl ofOwner(String ownerId) {
        return new Acl(List.of(new Grant(new Grantee.User(ownerId), Right.FULL_CONTROL)));
    }

    /// A list by its canned name.
    ///
    /// @param ownerId the canonical id of the bucket's or object's owner
    /// @param bucketOwnerId that of the bucket's owner
    public static Acl canned(String name, String ownerId, String bucketOwnerId) {
        List<Grant> grants = new ArrayList<>(ofOwner(ownerId).grants());
        switch (name) {
            case "private" -> {}
            case "public-read" -> grants.add(new Grant(Grantee.ALL_USERS, Right.READ));
            case "public-read-write" -> {
                grants.add(new Grant(Grantee.ALL_USERS, Right.READ));
                grants.add(new Grant(Grantee.ALL_USERS, Right.WRITE));
            }
            case "authenticated-read" ->
                    grants.add(new Grant(Grantee.AUTHENTICATED_USERS, Right.READ));
            case "bucket-owner-read" -> addOwner(grants, ownerId, bucketOwnerId, Right.READ);
            case "bucket-owner-full-control" ->
                    addOwner(grants, ownerId, bucketOwnerId, Right.FULL_CONTROL);
            case "log-delivery-write" -> {
                grants.add(new Grant(Grantee.LOG_DELIVERY, Right.WRITE));
                grants.add(new Grant(Grantee.LOG_DELIVERY, Right.READ_ACP));
            }
            case "aws-exec-read" -> throw S3Errors.notImplemented("The canned ACL aws-exec-read");
            default -> throw S3Errors.invalidArgument(null, "x-amz-acl", name);
        }
        return new Acl(grants);
    }

    private static void addOwner(
            List<Grant> grants, String ownerId, String bucketOwnerId, Right right) {
        if (!ownerId.equals(bucketOwnerId)) {
            grants.add(new Grant(new Grantee.User(bucketOwnerId), right));
        }
    }

    /// Whether it grants anything to everybody.
    public boolean isPublic() {
        return grants.stream()
                .anyMatch(grant ->
                        grant.grantee().equals(Grantee.ALL_USERS)
                                || grant.grantee().equals(Grantee.AUTHENTICATED_USERS));
    }

    /// Whether it grants a right to a caller.
    ///
    /// @param callerId the caller's canonical id, or null for a caller who didn't sign
    public boolean allows(@Nullable String callerId, Right right) {
        return grants.stream()
                .anyMatch(grant -> grant.right().includes(right) && is(grant.grantee(), callerId));
    }

    private static boolean is(Grantee grantee, @Nullable String callerId) {
        return switch (grantee) {
            case Grantee.User(String id) -> id.equals(callerId);
            case Grantee.Group group ->
                    group.equals(Grantee.ALL_USERS)
                            || (callerId != null && group.equals(Grantee.AUTHENTICATED_USERS));
        };
    }
}
