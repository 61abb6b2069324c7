package dev.freehold.services.iam;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;

/// A user's access key.
record AccessKeyRow(String account, String user, String secret, boolean active, Instant created) {
    static final Codec<AccessKeyRow> CODEC =
            Codecs.of(
                    (out, k) ->
                            out.string(k.account)
                                    .string(k.user)
                                    .string(k.secret)
                                    .bool(k.active)
                                    .instant(k.created),
                    in ->
                            new AccessKeyRow(
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.bool(),
                                    in.instant()));

    @Override
    public String toString() {
        return "AccessKeyRow[" + account + "/" + user + "]";
    }
}
