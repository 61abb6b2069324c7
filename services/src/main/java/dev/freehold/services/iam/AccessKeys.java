package dev.freehold.services.iam;

import dev.freehold.api.iam.AccessKey;
import dev.freehold.api.iam.AccessKeyMetadata;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.protocol.Caller;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Users' access keys.
final class AccessKeys {
    private static final int MAX_PER_USER = 2;

    private final InstantSource clock;
    private final Supplier<String> ids;

    AccessKeys(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    AccessKey create(Transaction tx, Caller caller, String user) {
        if (list(tx, caller, user).size() >= MAX_PER_USER) {
            throw new LimitExceededException(
                    "Cannot exceed quota for AccessKeysPerUser: " + MAX_PER_USER);
        }
        String id = "AKIA" + ids.get().substring(0, 16);
        String secret = (ids.get() + ids.get() + ids.get()).substring(0, 40);
        AccessKeyRow row =
                new AccessKeyRow(
                        caller.account(),
                        user,
                        secret,
                        true,
                        clock.instant().truncatedTo(ChronoUnit.SECONDS));
        tx.put(IamTables.KEYS, id, row);
        return AccessKey.builder()
                .userName(user)
                .accessKeyId(id)
                .status("Active")
                .secretAccessKey(secret)
                .createDate(row.created())
                .build();
    }

    List<AccessKeyMetadata> list(Transaction tx, Caller caller, String user) {
        List<AccessKeyMetadata> found = new ArrayList<>();
        try (Cursor<String, AccessKeyRow> cursor =
                tx.scan(IamTables.KEYS, KeyRange.ALL, IamTables.MAX_LISTED)) {
            while (cursor.next()) {
                AccessKeyRow row = cursor.value();
                if (row.account().equals(caller.account()) && row.user().equals(user)) {
                    found.add(
                            AccessKeyMetadata.builder()
                                    .userName(user)
                                    .accessKeyId(cursor.key())
                                    .status(row.active() ? "Active" : "Inactive")
                                    .createDate(row.created())
                                    .build());
                }
            }
        }
        return found;
    }

    private static AccessKeyRow get(Transaction tx, Caller caller, String id) {
        AccessKeyRow row = tx.get(IamTables.KEYS, id);
        if (row == null || !row.account().equals(caller.account())) {
            throw new NoSuchEntityException("The Access Key with id " + id + " cannot be found.");
        }
        return row;
    }

    void setActive(Transaction tx, Caller caller, String id, String status) {
        AccessKeyRow row = get(tx, caller, id);
        boolean active = status.equals("Active");
        tx.put(
                IamTables.KEYS,
                id,
                new AccessKeyRow(row.account(), row.user(), row.secret(), active, row.created()));
    }

    void delete(Transaction tx, Caller caller, String id) {
        get(tx, caller, id);
        tx.delete(IamTables.KEYS, id);
    }

    void refuseIfAny(Transaction tx, Caller caller, String user) {
        if (!list(tx, caller, user).isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must delete access keys first.");
        }
    }
}
