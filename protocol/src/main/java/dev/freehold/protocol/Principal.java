package dev.freehold.protocol;

/// An identity that signed a request, or an AWS service that acts by itself.
public sealed interface Principal {
    /// The ARN that policies and error messages name.
    String arn();

    /// The id that `GetCallerIdentity` answers as `UserId`.
    String id();

    /// The account itself: allowed everything in it.
    record Root(String account) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:iam::" + account + ":root";
        }

        @Override
        public String id() {
            return account;
        }
    }

    /// A user with a long-term access key.
    record User(String account, String path, String name, String id) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:iam::" + account + ":user" + path + name;
        }
    }

    /// A role in a session with temporary credentials.
    ///
    /// @param roleId the role's unique id, `AROA...`
    record AssumedRole(String account, String path, String roleName, String roleId, String session)
            implements Principal {
        @Override
        public String arn() {
            return "arn:aws:sts::" + account + ":assumed-role/" + roleName + "/" + session;
        }

        @Override
        public String id() {
            return roleId + ":" + session;
        }

        /// The role's own ARN.
        public String roleArn() {
            return "arn:aws:iam::" + account + ":role" + path + roleName;
        }
    }

    /// Somebody to whom a user gave temporary credentials under a name.
    ///
    /// @param user the user's name; empty when it was the account's root
    record Federated(String account, String name, String user) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:sts::" + account + ":federated-user/" + name;
        }

        @Override
        public String id() {
            return account + ":" + name;
        }
    }

    /// A service of this cloud, such as `sns.amazonaws.com`, delivering for `sourceArn`.
    record Service(String name, String sourceArn) implements Principal {
        @Override
        public String arn() {
            return name;
        }

        @Override
        public String id() {
            return name;
        }
    }

    /// Nobody: the request is not signed.
    record Anonymous() implements Principal {
        @Override
        public String arn() {
            return "*";
        }

        @Override
        public String id() {
            return "anonymous";
        }
    }
}
