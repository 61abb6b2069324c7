package dev.freehold.services.s3.state;

import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.Grant;
import dev.freehold.services.s3.acl.Grant.Right;
import dev.freehold.services.s3.acl.Grantee;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;

/// Access control lists in rows.
final class Grants {
    private static final int USER = 0;
    private static final int GROUP = 1;

    private Grants() {}

    static void write(ValueWriter out, Acl acl) {
        out.list(acl.grants(), Grants::write);
    }

    private static void write(ValueWriter out, Grant grant) {
        switch (grant.grantee()) {
            case Grantee.User(String id) -> out.uint8(USER).string(id);
            case Grantee.Group(String uri) -> out.uint8(GROUP).string(uri);
        }
        out.uint8(grant.right().ordinal());
    }

    static Acl read(ValueReader in) {
        return new Acl(in.list(Grants::grant));
    }

    private static Grant grant(ValueReader in) {
        int kind = in.uint8();
        String name = in.string();
        Grantee grantee = kind == USER ? new Grantee.User(name) : new Grantee.Group(name);
        return new Grant(grantee, Right.values()[in.uint8()]);
    }
}
