package dev.freehold.services.s3.acl;

import org.jspecify.annotations.Nullable;

/// One line of an access control list.
public record Grant(Grantee grantee, Right right) {
    /// What a line can grant. The order is permanent: rows hold ordinals.
    public enum Right {
        FULL_CONTROL,
        READ,
        WRITE,
        READ_ACP,
        WRITE_ACP;

        /// The right of that name, or null.
        public static @Nullable Right named(@Nullable String name) {
            for (Right right : values()) {
                if (right.name().equals(name)) {
                    return right;
                }
            }
            return null;
        }

        /// Whether this right is, or includes, the other.
        boolean includes(Right other) {
            return this == FULL_CONTROL || this == other;
        }
    }
}
