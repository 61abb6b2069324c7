package dev.freehold.services.s3;

import dev.freehold.api.s3.CreateBucketRequest;
import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.PutBucketVersioningRequest;
import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.PutObjectResponse;
import dev.freehold.api.s3.VersioningConfiguration;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.content.ServerKey;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Rule;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.memory.MemoryBlobs;
import dev.freehold.storage.memory.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The real service over the stores of memory, and what tests say to it.
final class S3Fixture {
    static final Caller ALICE = caller("000000000000");
    static final Caller BOB = caller("000000000002");

    final FakeClock clock = new FakeClock();
    final Store store = new MemoryStore();
    final List<Delivery> delivered = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    final MemoryBlobs blobs = new MemoryBlobs(clock);
    final Notifications notifications = new Notifications(new Kept());
    final S3Service s3 = new S3Service(context(), this::refusal);
    @Nullable String refusal;
    final Garbage garbage = new Garbage(store, blobs);

    private @Nullable String refusal(
            Rule rule, Bucket bucket, String testMessage, String requestId) {
        return refusal;
    }

    String id() {
        return "id-" + count.incrementAndGet();
    }

    private Context context() {
        return new Context(
                store,
                new ObjectBytes(store, blobs, this::id, new ServerKey(new byte[32])),
                new Kept(),
                clock,
                this::id);
    }

    private final class Kept implements Deliveries {
        @Override
        public void enqueue(Transaction tx, Delivery delivery, Instant due) {
            delivered.add(delivery);
        }

        @Override
        public void wake() {}
    }

    static Caller caller(String account) {
        Principal principal = new Principal.Root(account);
        return new Caller(account, "us-east-1", principal, "REQUEST", Map.of(), new Usage());
    }

    S3Fixture bucket(String name) {
        s3.createBucket(CreateBucketRequest.builder().bucket(name).build(), ALICE);
        return this;
    }

    S3Fixture versioned(String name, String status) {
        s3.putBucketVersioning(
                PutBucketVersioningRequest.builder()
                        .bucket(name)
                        .versioningConfiguration(
                                VersioningConfiguration.builder().status(status).build())
                        .build(),
                ALICE);
        return this;
    }

    PutObjectResponse put(String bucket, String key, String text) {
        return s3.putObject(
                PutObjectRequest.builder().bucket(bucket).key(key).bodyValue(body(text)).build(),
                ALICE);
    }

    static ByteStream body(String text) {
        return ByteStream.of(Blob.ofUtf8(text));
    }

    String text(String bucket, String key) {
        return text(s3.getObject(get(bucket, key).build(), ALICE));
    }

    static GetObjectRequest.Builder get(String bucket, String key) {
        return GetObjectRequest.builder().bucket(bucket).key(key);
    }

    static String text(GetObjectResponse response) {
        return read(response.bodyValue());
    }

    private static String read(@Nullable ByteStream body) {
        try (InputStream in = Objects.requireNonNull(body).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
