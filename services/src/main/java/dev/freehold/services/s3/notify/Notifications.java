package dev.freehold.services.s3.notify;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.deliveries.Targets;
import dev.freehold.services.s3.notify.Event.Cause;
import dev.freehold.services.s3.notify.Event.Changed;
import dev.freehold.services.s3.notify.Event.Restored;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.VersionId;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes notifications as deliveries.
public final class Notifications {
    /// The kind of configuration under which the rules are kept.
    public static final String SETTING = "notification";

    /// What topics are given as subject.
    static final String SUBJECT = "Amazon S3 Notification";

    private static final RetryPolicy RETRY =
            new RetryPolicy(
                    100, Duration.ofHours(24), Duration.ofSeconds(1), Duration.ofMinutes(15), null);

    private final Deliveries deliveries;

    public Notifications(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /// Who does something, in the words of events.
    ///
    /// @param cause the request
    /// @param unique a text that no other change has
    /// @param now the time of the change
    /// @param trace the request's trace header, or null
    public record Act(Cause cause, String unique, Instant now, @Nullable String trace) {
        /// What no request has caused.
        public Act(Cause cause, String unique, Instant now) {
            this(cause, unique, now, null);
        }

        public static Act of(Caller caller, String unique, Instant now) {
            String principal =
                    caller.principal() instanceof Principal.Anonymous
                            ? "Anonymous"
                            : "AWS:" + caller.principal().id();
            String ip = caller.facts().getOrDefault("aws:SourceIp", "127.0.0.1");
            return new Act(
                    new Cause(principal, ip, caller.requestId()),
                    unique,
                    now,
                    caller.facts().get(Caller.TRACE_HEADER));
        }
    }

    /// Tells whoever wants to know of a change, in the change's transaction.
    public void changed(
            Transaction tx, Bucket bucket, ObjectName object, Version version, Told told) {
        List<Rule> rules = rules(tx, bucket.name());
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.wants(told.name(), object.key())) {
                Event event = event(bucket, object, version, told);
                String id = told.act().unique() + "-" + i;
                enqueue(tx, bucket, rule, id, event.message(rule.id()), told.act());
            }
        }
    }

    /// What is told.
    ///
    /// @param name such as `ObjectCreated:Put`
    /// @param act who did it
    /// @param restored what was restored from the archives, or null
    public record Told(String name, Act act, @Nullable Restored restored) {
        public Told(String name, Act act) {
            this(name, act, null);
        }
    }

    /// What a new target is told to find out whether it can be told anything.
    public static String testMessage(Bucket bucket, Act act) {
        return Event.testMessage(where(bucket), act.now(), act.cause().requestId());
    }

    /// Tells the dispatcher, after the commit.
    public void wake() {
        deliveries.wake();
    }

    private void enqueue(
            Transaction tx, Bucket bucket, Rule rule, String id, String message, Act act) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("principal", "s3.amazonaws.com");
        attributes.put("sourceArn", arn(bucket));
        attributes.put("subject", SUBJECT);
        if (act.trace() != null) {
            attributes.put(Targets.TRACE, act.trace());
        }
        Delivery delivery =
                new Delivery(
                        id,
                        "target",
                        bucket.account(),
                        bucket.region(),
                        rule.arn(),
                        attributes,
                        Blob.ofUtf8(message),
                        act.now(),
                        0,
                        RETRY);
        deliveries.enqueue(tx, delivery, act.now());
    }

    private static Event event(Bucket bucket, ObjectName object, Version version, Told told) {
        String eTag =
                version.isMarker() ? "d41d8cd98f00b204e9800998ecf8427e" : version.bytes().eTag();
        long size = version.isMarker() ? 0 : version.bytes().size();
        boolean named = !version.id().equals(VersionId.NULL) && !version.id().isEmpty();
        String versionId = named ? version.id() : null;
        Changed changed =
                new Changed(
                        object.key(), size, eTag, versionId, version.sequence(), told.restored());
        return new Event(told.name(), told.act().now(), told.act().cause(), where(bucket), changed);
    }

    private static Event.Bucket where(Bucket bucket) {
        return new Event.Bucket(bucket.name(), arn(bucket), bucket.region(), principalId(bucket));
    }

    /// The id by which events name the account that owns the bucket: AWS's is neither the account's
    /// number nor its canonical id.
    public static String principalId(Bucket bucket) {
        return "A" + bucket.ownerId().substring(0, 13).toUpperCase(Locale.ROOT);
    }

    /// A bucket's ARN.
    public static String arn(Bucket bucket) {
        return "arn:aws:s3:::" + bucket.name();
    }

    /// A bucket's rules.
    public static List<Rule> rules(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        return bytes == null ? List.of() : new ValueReader(bytes).list(Notifications::rule);
    }

    /// Sets a bucket's rules.
    public static void set(Transaction tx, String bucket, List<Rule> rules) {
        SettingKey key = new SettingKey(bucket, SETTING);
        if (rules.isEmpty()) {
            tx.delete(S3Tables.SETTINGS, key);
            return;
        }
        ValueWriter out = new ValueWriter();
        out.list(rules, Notifications::write);
        tx.put(S3Tables.SETTINGS, key, out.toBytes());
    }

    private static void write(ValueWriter out, Rule rule) {
        out.string(rule.id())
                .uint8(rule.target().ordinal())
                .string(rule.arn())
                .list(rule.events(), ValueWriter::string)
                .list(rule.filters(), (to, f) -> to.string(f.name()).string(f.value()));
    }

    private static Rule rule(ValueReader in) {
        return new Rule(
                in.string(),
                Rule.Target.values()[in.uint8()],
                in.string(),
                in.list(ValueReader::string),
                in.list(from -> new Rule.Filter(from.string(), from.string())));
    }
}
