package dev.freehold.server;

import dev.freehold.api.dynamodb.DynamodbDispatch;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsDispatch;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.s3.S3Client;
import dev.freehold.api.s3.S3Dispatch;
import dev.freehold.http.Endpoint;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.services.access.AuthorizedService;
import dev.freehold.services.dynamodb.DynamodbPermissions;
import dev.freehold.services.dynamodb.DynamodbService;
import dev.freehold.services.dynamodb.ModelChecks;
import dev.freehold.services.dynamodb.StreamsPermissions;
import dev.freehold.services.dynamodb.stream.StreamsService;
import dev.freehold.services.s3.MeteredS3;
import dev.freehold.services.s3.S3Constraints;
import dev.freehold.services.s3.S3Permissions;
import dev.freehold.services.s3.S3Service;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.browser.S3Browsers;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.content.ServerKey;
import dev.freehold.services.s3.lifecycle.Sweep;
import dev.freehold.services.s3.notify.DestinationCheck;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.website.Websites;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// S3, DynamoDB and its streams.
final class DataServices {
    /// The most batches of garbage that one sweep removes: what is left waits for the next.
    private static final int MAX_GARBAGE_SWEEPS = 100;

    private final Foundation base;
    private final Service s3;
    private final Permissions s3Permissions;
    private final Browsers browsers;
    private final S3Client s3Inside;
    private final Garbage garbage;
    private final Sweep lifecycle;
    private final DynamodbService dynamodb;

    /// @param lambda asked, once there is one, whether functions can be told of objects
    /// @throws IOException when the key that encrypts objects can't be read or kept
    DataServices(Foundation base, MessageServices messages, Supplier<LambdaApi> lambda)
            throws IOException {
        this.base = base;
        ServerKey key =
                new ServerKey(
                        KeyFile.bytes(base.config().data().resolve("keys/s3"), ServerKey.LENGTH));
        ObjectBytes bytes = new ObjectBytes(base.store(), base.blobs(), Ids::letters, key);
        Context context =
                new Context(base.store(), bytes, base.deliveries(), base.clock(), Ids::letters);
        s3 =
                new MeteredS3(
                        new S3Dispatch(
                                new S3Service(
                                        context,
                                        new DestinationCheck(
                                                messages.sqs(), messages.sns(), lambda))));
        s3Permissions = new S3Permissions(base.store());
        browsers = new S3Browsers(base.store(), base.clock());
        s3Inside = new S3Client(new AuthorizedService(s3, s3Permissions, base.authorizer()));
        garbage = new Garbage(base.store(), base.blobs());
        lifecycle = new Sweep(base.store(), new Notifications(base.deliveries()), Ids::letters);
        dynamodb = new DynamodbService(base.store(), base.clock(), Ids::uuid);
    }

    /// S3 for other services, which ask by their own principals.
    S3Client s3() {
        return s3Inside;
    }

    /// Answers requests to buckets' websites.
    Websites websites() {
        return new Websites(base.store(), s3Inside, browsers);
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(s3, s3Permissions, browsers)
                        .withConstraints(new S3Constraints())
                        .opened(),
                new Endpoint(
                                new ModelChecks(new DynamodbDispatch(dynamodb)),
                                new DynamodbPermissions(base.store()))
                        .withConstraints(ConstraintPolicy.OWN),
                new Endpoint(
                                new ModelChecks(
                                        new DynamodbstreamsDispatch(
                                                new StreamsService(base.store(), base.clock()))),
                                new StreamsPermissions())
                        .withConstraints(ConstraintPolicy.OWN));
    }

    /// Fills new indexes a little further.
    void fillIndexes() {
        dynamodb.fill();
    }

    /// Ends what has lived its time: items, records of streams.
    void expireItems(Instant now) {
        dynamodb.sweep(now);
    }

    /// Whether a blob is S3's.
    boolean names(String blob) {
        return garbage.names(blob);
    }

    /// Applies lifecycles, and removes the bytes of what is gone.
    ///
    /// @param garbageTime the time by which garbage is old enough
    void sweepObjects(Instant now, Instant garbageTime) {
        lifecycle.sweep(now);
        for (int i = 0; i < MAX_GARBAGE_SWEEPS && garbage.sweep(garbageTime); i++) {}
    }
}
