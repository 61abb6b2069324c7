package dev.freehold.services.s3.wire;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.CustomerKey;
import dev.freehold.services.s3.state.Lock;
import dev.freehold.services.s3.state.Properties;
import dev.freehold.services.s3.state.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer in the making, by the model's names of its members. What the shape lacks is passed
/// over.
public record Output(Schema schema, StructureBuilder builder) {

    /// Sets a member that the shape has; nothing when the value is null.
    public Output set(String name, @Nullable Object value) {
        Member member = value == null ? null : schema.member(name);
        if (member != null && value != null) {
            builder.set(member.index(), value);
        }
        return this;
    }

    /// The checksum and its type.
    public Output checksum(@Nullable Checksum checksum) {
        if (checksum != null) {
            set("Checksum" + checksum.algorithm().name(), checksum.value());
            set("ChecksumType", checksum.type());
        }
        return this;
    }

    /// How the bytes are encrypted.
    public Output encryption(@Nullable CustomerKey key) {
        if (key == null) {
            return set("ServerSideEncryption", "AES256");
        }
        return set("SSECustomerAlgorithm", "AES256").set("SSECustomerKeyMD5", key.md5());
    }

    /// What is known of a version, except of its bytes.
    public Output version(Version version) {
        Properties properties = version.properties();
        Input.STORED.forEach((name, header) -> set(name, properties.headers().get(header)));
        set("Metadata", properties.metadata());
        // AWS: the standard class is what a missing header means.
        if (!properties.storageClass().equals(Properties.STANDARD)) {
            set("StorageClass", properties.storageClass());
        }
        if (!version.tags().isEmpty()) {
            set("TagCount", version.tags().size());
        }
        Lock lock = version.lock();
        set("ObjectLockMode", lock.mode()).set("ObjectLockRetainUntilDate", lock.until());
        if (lock.legalHold() != null) {
            set("ObjectLockLegalHoldStatus", lock.legalHold() ? "ON" : "OFF");
        }
        return set("LastModified", version.modified()).set("AcceptRanges", "bytes");
    }

    /// A list as answers have it: one without elements is absent.
    public static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
        return list.isEmpty() ? null : list;
    }
}
