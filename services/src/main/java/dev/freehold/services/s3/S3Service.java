package dev.freehold.services.s3;

import dev.freehold.api.s3.AbortMultipartUploadRequest;
import dev.freehold.api.s3.AbortMultipartUploadResponse;
import dev.freehold.api.s3.CompleteMultipartUploadRequest;
import dev.freehold.api.s3.CompleteMultipartUploadResponse;
import dev.freehold.api.s3.CopyObjectRequest;
import dev.freehold.api.s3.CopyObjectResponse;
import dev.freehold.api.s3.CreateBucketRequest;
import dev.freehold.api.s3.CreateBucketResponse;
import dev.freehold.api.s3.CreateMultipartUploadRequest;
import dev.freehold.api.s3.CreateMultipartUploadResponse;
import dev.freehold.api.s3.DeleteBucketCorsRequest;
import dev.freehold.api.s3.DeleteBucketCorsResponse;
import dev.freehold.api.s3.DeleteBucketEncryptionRequest;
import dev.freehold.api.s3.DeleteBucketEncryptionResponse;
import dev.freehold.api.s3.DeleteBucketLifecycleRequest;
import dev.freehold.api.s3.DeleteBucketLifecycleResponse;
import dev.freehold.api.s3.DeleteBucketMetricsConfigurationRequest;
import dev.freehold.api.s3.DeleteBucketMetricsConfigurationResponse;
import dev.freehold.api.s3.DeleteBucketOwnershipControlsRequest;
import dev.freehold.api.s3.DeleteBucketOwnershipControlsResponse;
import dev.freehold.api.s3.DeleteBucketPolicyRequest;
import dev.freehold.api.s3.DeleteBucketPolicyResponse;
import dev.freehold.api.s3.DeleteBucketRequest;
import dev.freehold.api.s3.DeleteBucketResponse;
import dev.freehold.api.s3.DeleteBucketTaggingRequest;
import dev.freehold.api.s3.DeleteBucketTaggingResponse;
import dev.freehold.api.s3.DeleteBucketWebsiteRequest;
import dev.freehold.api.s3.DeleteBucketWebsiteResponse;
import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.DeleteObjectResponse;
import dev.freehold.api.s3.DeleteObjectTaggingRequest;
import dev.freehold.api.s3.DeleteObjectTaggingResponse;
import dev.freehold.api.s3.DeleteObjectsRequest;
import dev.freehold.api.s3.DeleteObjectsResponse;
import dev.freehold.api.s3.DeletePublicAccessBlockRequest;
import dev.freehold.api.s3.DeletePublicAccessBlockResponse;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationResponse;
import dev.freehold.api.s3.GetBucketAclRequest;
import dev.freehold.api.s3.GetBucketAclResponse;
import dev.freehold.api.s3.GetBucketCorsRequest;
import dev.freehold.api.s3.GetBucketCorsResponse;
import dev.freehold.api.s3.GetBucketEncryptionRequest;
import dev.freehold.api.s3.GetBucketEncryptionResponse;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationResponse;
import dev.freehold.api.s3.GetBucketLocationRequest;
import dev.freehold.api.s3.GetBucketLocationResponse;
import dev.freehold.api.s3.GetBucketLoggingRequest;
import dev.freehold.api.s3.GetBucketLoggingResponse;
import dev.freehold.api.s3.GetBucketMetricsConfigurationRequest;
import dev.freehold.api.s3.GetBucketMetricsConfigurationResponse;
import dev.freehold.api.s3.GetBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.GetBucketNotificationConfigurationResponse;
import dev.freehold.api.s3.GetBucketOwnershipControlsRequest;
import dev.freehold.api.s3.GetBucketOwnershipControlsResponse;
import dev.freehold.api.s3.GetBucketPolicyRequest;
import dev.freehold.api.s3.GetBucketPolicyResponse;
import dev.freehold.api.s3.GetBucketPolicyStatusRequest;
import dev.freehold.api.s3.GetBucketPolicyStatusResponse;
import dev.freehold.api.s3.GetBucketReplicationRequest;
import dev.freehold.api.s3.GetBucketReplicationResponse;
import dev.freehold.api.s3.GetBucketRequestPaymentRequest;
import dev.freehold.api.s3.GetBucketRequestPaymentResponse;
import dev.freehold.api.s3.GetBucketTaggingRequest;
import dev.freehold.api.s3.GetBucketTaggingResponse;
import dev.freehold.api.s3.GetBucketVersioningRequest;
import dev.freehold.api.s3.GetBucketVersioningResponse;
import dev.freehold.api.s3.GetBucketWebsiteRequest;
import dev.freehold.api.s3.GetBucketWebsiteResponse;
import dev.freehold.api.s3.GetObjectAclRequest;
import dev.freehold.api.s3.GetObjectAclResponse;
import dev.freehold.api.s3.GetObjectAttributesRequest;
import dev.freehold.api.s3.GetObjectAttributesResponse;
import dev.freehold.api.s3.GetObjectLegalHoldRequest;
import dev.freehold.api.s3.GetObjectLegalHoldResponse;
import dev.freehold.api.s3.GetObjectLockConfigurationRequest;
import dev.freehold.api.s3.GetObjectLockConfigurationResponse;
import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.GetObjectRetentionRequest;
import dev.freehold.api.s3.GetObjectRetentionResponse;
import dev.freehold.api.s3.GetObjectTaggingRequest;
import dev.freehold.api.s3.GetObjectTaggingResponse;
import dev.freehold.api.s3.GetPublicAccessBlockRequest;
import dev.freehold.api.s3.GetPublicAccessBlockResponse;
import dev.freehold.api.s3.HeadBucketRequest;
import dev.freehold.api.s3.HeadBucketResponse;
import dev.freehold.api.s3.HeadObjectRequest;
import dev.freehold.api.s3.HeadObjectResponse;
import dev.freehold.api.s3.ListBucketMetricsConfigurationsRequest;
import dev.freehold.api.s3.ListBucketMetricsConfigurationsResponse;
import dev.freehold.api.s3.ListBucketsRequest;
import dev.freehold.api.s3.ListBucketsResponse;
import dev.freehold.api.s3.ListMultipartUploadsRequest;
import dev.freehold.api.s3.ListMultipartUploadsResponse;
import dev.freehold.api.s3.ListObjectVersionsRequest;
import dev.freehold.api.s3.ListObjectVersionsResponse;
import dev.freehold.api.s3.ListObjectsRequest;
import dev.freehold.api.s3.ListObjectsResponse;
import dev.freehold.api.s3.ListObjectsV2Request;
import dev.freehold.api.s3.ListObjectsV2Response;
import dev.freehold.api.s3.ListPartsRequest;
import dev.freehold.api.s3.ListPartsResponse;
import dev.freehold.api.s3.PutBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.PutBucketAccelerateConfigurationResponse;
import dev.freehold.api.s3.PutBucketAclRequest;
import dev.freehold.api.s3.PutBucketAclResponse;
import dev.freehold.api.s3.PutBucketCorsRequest;
import dev.freehold.api.s3.PutBucketCorsResponse;
import dev.freehold.api.s3.PutBucketEncryptionRequest;
import dev.freehold.api.s3.PutBucketEncryptionResponse;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationResponse;
import dev.freehold.api.s3.PutBucketLoggingRequest;
import dev.freehold.api.s3.PutBucketLoggingResponse;
import dev.freehold.api.s3.PutBucketMetricsConfigurationRequest;
import dev.freehold.api.s3.PutBucketMetricsConfigurationResponse;
import dev.freehold.api.s3.PutBucketNotificationConfigurationRequest;
import dev.freehold.api.s3.PutBucketNotificationConfigurationResponse;
import dev.freehold.api.s3.PutBucketOwnershipControlsRequest;
import dev.freehold.api.s3.PutBucketOwnershipControlsResponse;
import dev.freehold.api.s3.PutBucketPolicyRequest;
import dev.freehold.api.s3.PutBucketPolicyResponse;
import dev.freehold.api.s3.PutBucketRequestPaymentRequest;
import dev.freehold.api.s3.PutBucketRequestPaymentResponse;
import dev.freehold.api.s3.PutBucketTaggingRequest;
import dev.freehold.api.s3.PutBucketTaggingResponse;
import dev.freehold.api.s3.PutBucketVersioningRequest;
import dev.freehold.api.s3.PutBucketVersioningResponse;
import dev.freehold.api.s3.PutBucketWebsiteRequest;
import dev.freehold.api.s3.PutBucketWebsiteResponse;
import dev.freehold.api.s3.PutObjectAclRequest;
import dev.freehold.api.s3.PutObjectAclResponse;
import dev.freehold.api.s3.PutObjectLegalHoldRequest;
import dev.freehold.api.s3.PutObjectLegalHoldResponse;
import dev.freehold.api.s3.PutObjectLockConfigurationRequest;
import dev.freehold.api.s3.PutObjectLockConfigurationResponse;
import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.PutObjectResponse;
import dev.freehold.api.s3.PutObjectRetentionRequest;
import dev.freehold.api.s3.PutObjectRetentionResponse;
import dev.freehold.api.s3.PutObjectTaggingRequest;
import dev.freehold.api.s3.PutObjectTaggingResponse;
import dev.freehold.api.s3.PutPublicAccessBlockRequest;
import dev.freehold.api.s3.PutPublicAccessBlockResponse;
import dev.freehold.api.s3.RestoreObjectRequest;
import dev.freehold.api.s3.RestoreObjectResponse;
import dev.freehold.api.s3.S3Api;
import dev.freehold.api.s3.UploadPartCopyRequest;
import dev.freehold.api.s3.UploadPartCopyResponse;
import dev.freehold.api.s3.UploadPartRequest;
import dev.freehold.api.s3.UploadPartResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.config.BucketConfigs;
import dev.freehold.services.s3.config.Defaults;
import dev.freehold.services.s3.config.Lifecycles;
import dev.freehold.services.s3.config.MetricsConfigs;
import dev.freehold.services.s3.config.NotificationConfigs;
import dev.freehold.services.s3.config.Policies;
import dev.freehold.services.s3.config.WebsiteConfigs;
import dev.freehold.services.s3.notify.Destinations;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.ops.Acls;
import dev.freehold.services.s3.ops.Buckets;
import dev.freehold.services.s3.ops.Listings;
import dev.freehold.services.s3.ops.ObjectAttributes;
import dev.freehold.services.s3.ops.ObjectCopies;
import dev.freehold.services.s3.ops.ObjectDeletes;
import dev.freehold.services.s3.ops.ObjectReads;
import dev.freehold.services.s3.ops.ObjectRestores;
import dev.freehold.services.s3.ops.ObjectSettings;
import dev.freehold.services.s3.ops.ObjectWrites;
import dev.freehold.services.s3.ops.UploadCompletion;
import dev.freehold.services.s3.ops.UploadListings;
import dev.freehold.services.s3.ops.Uploads;
import dev.freehold.services.s3.ops.VersionListing;

/// Amazon S3. One method per operation of the model, in the model's order.
public final class S3Service implements S3Api {
    private final Buckets buckets;
    private final BucketConfigs configs;
    private final Policies policies;
    private final Lifecycles lifecycles;
    private final Defaults defaults;
    private final NotificationConfigs notificationConfigs;
    private final WebsiteConfigs websites;
    private final MetricsConfigs metrics;
    private final Acls acls;
    private final ObjectWrites writes;
    private final ObjectCopies copies;
    private final ObjectReads reads;
    private final ObjectAttributes attributes;
    private final ObjectDeletes deletes;
    private final ObjectSettings objects;
    private final ObjectRestores restores;
    private final Listings listings;
    private final VersionListing versions;
    private final Uploads uploads;
    private final UploadCompletion completion;
    private final UploadListings uploadListings;

    /// @param context what the operations work with
    /// @param destinations what notifications may go to
    public S3Service(Context context, Destinations destinations) {
        Notifications notifications = new Notifications(context.deliveries());
        this.buckets = new Buckets(context);
        this.configs = new BucketConfigs(context);
        this.policies = new Policies(context);
        this.lifecycles = new Lifecycles(context);
        this.defaults = new Defaults(context);
        this.notificationConfigs = new NotificationConfigs(context, destinations);
        this.websites = new WebsiteConfigs(context);
        this.metrics = new MetricsConfigs(context);
        this.acls = new Acls(context, notifications);
        this.writes = new ObjectWrites(context, notifications);
        this.copies = new ObjectCopies(context, writes);
        this.reads = new ObjectReads(context);
        this.attributes = new ObjectAttributes(context);
        this.deletes = new ObjectDeletes(context, notifications);
        this.objects = new ObjectSettings(context, notifications);
        this.restores = new ObjectRestores(context, notifications);
        this.listings = new Listings(context);
        this.versions = new VersionListing(context);
        this.uploads = new Uploads(context, copies);
        this.completion = new UploadCompletion(context, notifications);
        this.uploadListings = new UploadListings(context);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(
            AbortMultipartUploadRequest request, Caller caller) {
        uploads.abort(request);
        return AbortMultipartUploadResponse.builder().build();
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            CompleteMultipartUploadRequest request, Caller caller) {
        return completion.complete(request, caller);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request, Caller caller) {
        return copies.copy(request, caller);
    }

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request, Caller caller) {
        return buckets.create(request, caller);
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(
            CreateMultipartUploadRequest request, Caller caller) {
        return uploads.create(request, caller);
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request, Caller caller) {
        buckets.delete(request);
        return DeleteBucketResponse.builder().build();
    }

    @Override
    public DeleteBucketCorsResponse deleteBucketCors(
            DeleteBucketCorsRequest request, Caller caller) {
        configs.deleteCors(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketCorsResponse.builder().build();
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(
            DeleteBucketEncryptionRequest request, Caller caller) {
        configs.deleteEncryption(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketEncryptionResponse.builder().build();
    }

    @Override
    public DeleteBucketLifecycleResponse deleteBucketLifecycle(
            DeleteBucketLifecycleRequest request, Caller caller) {
        lifecycles.delete(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketLifecycleResponse.builder().build();
    }

    @Override
    public DeleteBucketMetricsConfigurationResponse deleteBucketMetricsConfiguration(
            DeleteBucketMetricsConfigurationRequest request, Caller caller) {
        metrics.delete(request.bucket(), request.id(), request.expectedBucketOwner());
        return DeleteBucketMetricsConfigurationResponse.builder().build();
    }

    @Override
    public DeleteBucketOwnershipControlsResponse deleteBucketOwnershipControls(
            DeleteBucketOwnershipControlsRequest request, Caller caller) {
        configs.deleteOwnership(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public DeleteBucketPolicyResponse deleteBucketPolicy(
            DeleteBucketPolicyRequest request, Caller caller) {
        policies.delete(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketPolicyResponse.builder().build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(
            DeleteBucketTaggingRequest request, Caller caller) {
        configs.deleteTags(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketTaggingResponse.builder().build();
    }

    @Override
    public DeleteBucketWebsiteResponse deleteBucketWebsite(
            DeleteBucketWebsiteRequest request, Caller caller) {
        websites.delete(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketWebsiteResponse.builder().build();
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request, Caller caller) {
        return deletes.delete(request, caller);
    }

    @Override
    public DeleteObjectTaggingResponse deleteObjectTagging(
            DeleteObjectTaggingRequest request, Caller caller) {
        return objects.deleteTags(request, caller);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request, Caller caller) {
        return deletes.deleteMany(request, caller);
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(
            DeletePublicAccessBlockRequest request, Caller caller) {
        configs.deletePublicAccess(request.bucket(), request.expectedBucketOwner());
        return DeletePublicAccessBlockResponse.builder().build();
    }

    @Override
    public GetBucketAccelerateConfigurationResponse getBucketAccelerateConfiguration(
            GetBucketAccelerateConfigurationRequest request, Caller caller) {
        return defaults.accelerate(request);
    }

    @Override
    public GetBucketAclResponse getBucketAcl(GetBucketAclRequest request, Caller caller) {
        return acls.ofBucket(request);
    }

    @Override
    public GetBucketCorsResponse getBucketCors(GetBucketCorsRequest request, Caller caller) {
        return configs.cors(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(
            GetBucketEncryptionRequest request, Caller caller) {
        return configs.encryption(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(
            GetBucketLifecycleConfigurationRequest request, Caller caller) {
        return lifecycles.get(request);
    }

    @Override
    public GetBucketLocationResponse getBucketLocation(
            GetBucketLocationRequest request, Caller caller) {
        return GetBucketLocationResponse.builder()
                .locationConstraint(buckets.location(request))
                .build();
    }

    @Override
    public GetBucketLoggingResponse getBucketLogging(
            GetBucketLoggingRequest request, Caller caller) {
        return defaults.logging(request);
    }

    @Override
    public GetBucketMetricsConfigurationResponse getBucketMetricsConfiguration(
            GetBucketMetricsConfigurationRequest request, Caller caller) {
        return metrics.get(request.bucket(), request.id(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(
            GetBucketNotificationConfigurationRequest request, Caller caller) {
        return notificationConfigs.get(request);
    }

    @Override
    public GetBucketOwnershipControlsResponse getBucketOwnershipControls(
            GetBucketOwnershipControlsRequest request, Caller caller) {
        return configs.ownership(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request, Caller caller) {
        return policies.get(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketPolicyStatusResponse getBucketPolicyStatus(
            GetBucketPolicyStatusRequest request, Caller caller) {
        return policies.status(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketReplicationResponse getBucketReplication(
            GetBucketReplicationRequest request, Caller caller) {
        return defaults.replication(request);
    }

    @Override
    public GetBucketRequestPaymentResponse getBucketRequestPayment(
            GetBucketRequestPaymentRequest request, Caller caller) {
        return defaults.payer(request);
    }

    @Override
    public GetBucketTaggingResponse getBucketTagging(
            GetBucketTaggingRequest request, Caller caller) {
        return configs.tags(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(
            GetBucketVersioningRequest request, Caller caller) {
        return configs.versioning(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetBucketWebsiteResponse getBucketWebsite(
            GetBucketWebsiteRequest request, Caller caller) {
        return websites.get(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetObjectResponse getObject(GetObjectRequest request, Caller caller) {
        return reads.get(request);
    }

    @Override
    public GetObjectAclResponse getObjectAcl(GetObjectAclRequest request, Caller caller) {
        return acls.ofObject(request);
    }

    @Override
    public GetObjectAttributesResponse getObjectAttributes(
            GetObjectAttributesRequest request, Caller caller) {
        return attributes.get(request);
    }

    @Override
    public GetObjectLegalHoldResponse getObjectLegalHold(
            GetObjectLegalHoldRequest request, Caller caller) {
        return objects.legalHold(request);
    }

    @Override
    public GetObjectLockConfigurationResponse getObjectLockConfiguration(
            GetObjectLockConfigurationRequest request, Caller caller) {
        return configs.lock(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public GetObjectRetentionResponse getObjectRetention(
            GetObjectRetentionRequest request, Caller caller) {
        return objects.retention(request);
    }

    @Override
    public GetObjectTaggingResponse getObjectTagging(
            GetObjectTaggingRequest request, Caller caller) {
        return objects.tags(request);
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(
            GetPublicAccessBlockRequest request, Caller caller) {
        return configs.publicAccess(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request, Caller caller) {
        return buckets.head(request);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request, Caller caller) {
        return reads.head(request);
    }

    @Override
    public ListBucketMetricsConfigurationsResponse listBucketMetricsConfigurations(
            ListBucketMetricsConfigurationsRequest request, Caller caller) {
        return metrics.list(request);
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request, Caller caller) {
        return buckets.list(request, caller);
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(
            ListMultipartUploadsRequest request, Caller caller) {
        return uploadListings.uploads(request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(
            ListObjectVersionsRequest request, Caller caller) {
        return versions.list(request);
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request, Caller caller) {
        return listings.list(request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request, Caller caller) {
        return listings.listV2(request);
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request, Caller caller) {
        return uploadListings.parts(request);
    }

    @Override
    public PutBucketAccelerateConfigurationResponse putBucketAccelerateConfiguration(
            PutBucketAccelerateConfigurationRequest request, Caller caller) {
        defaults.putAccelerate(request);
        return PutBucketAccelerateConfigurationResponse.builder().build();
    }

    @Override
    public PutBucketAclResponse putBucketAcl(PutBucketAclRequest request, Caller caller) {
        acls.putOfBucket(request);
        return PutBucketAclResponse.builder().build();
    }

    @Override
    public PutBucketCorsResponse putBucketCors(PutBucketCorsRequest request, Caller caller) {
        configs.putCors(request);
        return PutBucketCorsResponse.builder().build();
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(
            PutBucketEncryptionRequest request, Caller caller) {
        configs.putEncryption(request);
        return PutBucketEncryptionResponse.builder().build();
    }

    @Override
    public PutBucketLifecycleConfigurationResponse putBucketLifecycleConfiguration(
            PutBucketLifecycleConfigurationRequest request, Caller caller) {
        return lifecycles.put(request);
    }

    @Override
    public PutBucketLoggingResponse putBucketLogging(
            PutBucketLoggingRequest request, Caller caller) {
        defaults.putLogging(request);
        return PutBucketLoggingResponse.builder().build();
    }

    @Override
    public PutBucketMetricsConfigurationResponse putBucketMetricsConfiguration(
            PutBucketMetricsConfigurationRequest request, Caller caller) {
        metrics.put(request);
        return PutBucketMetricsConfigurationResponse.builder().build();
    }

    @Override
    public PutBucketNotificationConfigurationResponse putBucketNotificationConfiguration(
            PutBucketNotificationConfigurationRequest request, Caller caller) {
        notificationConfigs.put(request, caller);
        return PutBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public PutBucketOwnershipControlsResponse putBucketOwnershipControls(
            PutBucketOwnershipControlsRequest request, Caller caller) {
        configs.putOwnership(request);
        return PutBucketOwnershipControlsResponse.builder().build();
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest request, Caller caller) {
        policies.put(request);
        return PutBucketPolicyResponse.builder().build();
    }

    @Override
    public PutBucketRequestPaymentResponse putBucketRequestPayment(
            PutBucketRequestPaymentRequest request, Caller caller) {
        defaults.putPayer(request);
        return PutBucketRequestPaymentResponse.builder().build();
    }

    @Override
    public PutBucketTaggingResponse putBucketTagging(
            PutBucketTaggingRequest request, Caller caller) {
        configs.putTags(request);
        return PutBucketTaggingResponse.builder().build();
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(
            PutBucketVersioningRequest request, Caller caller) {
        configs.putVersioning(request);
        return PutBucketVersioningResponse.builder().build();
    }

    @Override
    public PutBucketWebsiteResponse putBucketWebsite(
            PutBucketWebsiteRequest request, Caller caller) {
        websites.put(request);
        return PutBucketWebsiteResponse.builder().build();
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, Caller caller) {
        return writes.put(request, caller);
    }

    @Override
    public PutObjectAclResponse putObjectAcl(PutObjectAclRequest request, Caller caller) {
        acls.putOfObject(request, caller);
        return PutObjectAclResponse.builder().build();
    }

    @Override
    public PutObjectLegalHoldResponse putObjectLegalHold(
            PutObjectLegalHoldRequest request, Caller caller) {
        objects.putLegalHold(request);
        return PutObjectLegalHoldResponse.builder().build();
    }

    @Override
    public PutObjectLockConfigurationResponse putObjectLockConfiguration(
            PutObjectLockConfigurationRequest request, Caller caller) {
        configs.putLock(request);
        return PutObjectLockConfigurationResponse.builder().build();
    }

    @Override
    public PutObjectRetentionResponse putObjectRetention(
            PutObjectRetentionRequest request, Caller caller) {
        objects.putRetention(request);
        return PutObjectRetentionResponse.builder().build();
    }

    @Override
    public PutObjectTaggingResponse putObjectTagging(
            PutObjectTaggingRequest request, Caller caller) {
        return objects.putTags(request, caller);
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(
            PutPublicAccessBlockRequest request, Caller caller) {
        configs.putPublicAccess(request);
        return PutPublicAccessBlockResponse.builder().build();
    }

    @Override
    public RestoreObjectResponse restoreObject(RestoreObjectRequest request, Caller caller) {
        return restores.restore(request, caller);
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, Caller caller) {
        return uploads.uploadPart(request);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request, Caller caller) {
        return uploads.uploadPartCopy(request);
    }
}
