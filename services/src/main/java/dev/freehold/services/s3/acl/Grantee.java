package dev.freehold.services.s3.acl;

import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;

/// Whom an access control list grants something.
public sealed interface Grantee {
    /// An account, by its canonical id.
    record User(String id) implements Grantee {}

    /// A group that S3 defines.
    record Group(String uri) implements Grantee {}

    /// Everybody, signed or not.
    Group ALL_USERS = new Group("http://acs.amazonaws.com/groups/global/AllUsers");

    /// Everybody who signs.
    Group AUTHENTICATED_USERS =
            new Group("http://acs.amazonaws.com/groups/global/AuthenticatedUsers");

    /// S3's delivery of access logs.
    Group LOG_DELIVERY = new Group("http://acs.amazonaws.com/groups/s3/LogDelivery");

    /// The user of that canonical id.
    ///
    /// @param argument how an error names the place of the id
    static User user(String id, String argument) {
        if (CanonicalId.account(id) == null && !id.equals(CanonicalId.ANONYMOUS)) {
            throw S3Errors.invalidArgument("Invalid id", argument, id);
        }
        return new User(id);
    }

    /// The group of that URI.
    ///
    /// @param argument how an error names the place of the URI
    static Group group(String uri, String argument) {
        Group group = new Group(uri);
        if (!group.equals(ALL_USERS)
                && !group.equals(AUTHENTICATED_USERS)
                && !group.equals(LOG_DELIVERY)) {
            throw S3Errors.invalidArgument("Invalid group uri", argument, uri);
        }
        return group;
    }

    /// The answer to a grant to an e-mail address. AWS ended such grants in 2025, and here no
    /// account has an address.
    static S3Error unresolvable(String email) {
        return S3Error.of(
                        400,
                        "UnresolvableGrantByEmailAddress",
                        "The email address you provided does not match any account on record.")
                .with("Email", email);
    }
}
