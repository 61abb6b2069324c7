package dev.freehold.services.s3.state;

import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A version of an object, or the marker that it was deleted.
///
/// @param id the version's id, [VersionId#NULL] in buckets without versions
/// @param sequence its place among the versions of its key
/// @param modified when it was written
/// @param account who owns it; empty when whoever wrote it didn't sign
/// @param content its bytes, or null when this is a delete marker
/// @param properties what was said of it
/// @param tags its tags
/// @param acl its list, or null for the default one
/// @param lock what keeps it
public record Version(
        String id,
        long sequence,
        Instant modified,
        String account,
        @Nullable Content content,
        Properties properties,
        Map<String, String> tags,
        @Nullable Acl acl,
        Lock lock) {
    static final Codec<Version> CODEC = Codecs.of(Version::write, Version::read);

    private static final Properties NO_PROPERTIES =
            new Properties(Map.of(), Map.of(), Properties.STANDARD);

    /// A delete marker.
    public static Version marker(String account, Instant now) {
        return new Version("", 0, now, account, null, NO_PROPERTIES, Map.of(), null, Lock.NONE);
    }

    public boolean isMarker() {
        return content == null;
    }

    /// The bytes of what is no delete marker.
    public Content bytes() {
        return Objects.requireNonNull(content, "a delete marker has no bytes");
    }

    public String ownerId() {
        return CanonicalId.of(account);
    }

    /// Its list, the default one included.
    public Acl effectiveAcl() {
        return acl == null ? Acl.ofOwner(ownerId()) : acl;
    }

    /// This version in its place.
    Version at(String newId, long newSequence) {
        return new Version(
                newId, newSequence, modified, account, content, properties, tags, acl, lock);
    }

    public Version withTags(Map<String, String> next) {
        return new Version(id, sequence, modified, account, content, properties, next, acl, lock);
    }

    public Version withAcl(@Nullable Acl next) {
        return new Version(id, sequence, modified, account, content, properties, tags, next, lock);
    }

    public Version withLock(Lock next) {
        return new Version(id, sequence, modified, account, content, properties, tags, acl, next);
    }

    public Version withProperties(Properties next) {
        return new Version(id, sequence, modified, account, content, next, tags, acl, lock);
    }

    private static void write(ValueWriter out, Version version) {
        out.string(version.id)
                .int64(version.sequence)
                .instant(version.modified)
                .string(version.account)
                .optional(version.content, Content::write);
        Properties.write(out, version.properties);
        out.strings(version.tags).optional(version.acl, Grants::write);
        Lock.write(out, version.lock);
    }

    private static Version read(ValueReader in) {
        return new Version(
                in.string(),
                in.int64(),
                in.instant(),
                in.string(),
                in.optional(Content::read),
                Properties.read(in),
                in.strings(),
                in.optional(Grants::read),
                Lock.read(in));
    }
}
