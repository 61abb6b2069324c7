package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.ContinuousBackupsDescription;
import dev.freehold.api.dynamodb.DeleteResourcePolicyRequest;
import dev.freehold.api.dynamodb.DeleteResourcePolicyResponse;
import dev.freehold.api.dynamodb.DescribeContinuousBackupsRequest;
import dev.freehold.api.dynamodb.DescribeContinuousBackupsResponse;
import dev.freehold.api.dynamodb.DescribeTimeToLiveRequest;
import dev.freehold.api.dynamodb.DescribeTimeToLiveResponse;
import dev.freehold.api.dynamodb.GetResourcePolicyRequest;
import dev.freehold.api.dynamodb.GetResourcePolicyResponse;
import dev.freehold.api.dynamodb.ListTagsOfResourceRequest;
import dev.freehold.api.dynamodb.ListTagsOfResourceResponse;
import dev.freehold.api.dynamodb.PointInTimeRecoveryDescription;
import dev.freehold.api.dynamodb.PolicyNotFoundException;
import dev.freehold.api.dynamodb.PutResourcePolicyRequest;
import dev.freehold.api.dynamodb.PutResourcePolicyResponse;
import dev.freehold.api.dynamodb.ResourceNotFoundException;
import dev.freehold.api.dynamodb.Tag;
import dev.freehold.api.dynamodb.TagResourceRequest;
import dev.freehold.api.dynamodb.TagResourceResponse;
import dev.freehold.api.dynamodb.TimeToLiveDescription;
import dev.freehold.api.dynamodb.UntagResourceRequest;
import dev.freehold.api.dynamodb.UntagResourceResponse;
import dev.freehold.api.dynamodb.UpdateTimeToLiveRequest;
import dev.freehold.api.dynamodb.UpdateTimeToLiveResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.table.DynamodbTables.BackfillRow;
import dev.freehold.services.dynamodb.table.DynamodbTables.IndexId;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is set for a table beside its definition: tags, time to live, resource policy.
public final class SettingOperations {
    private static final Pattern ARN = Pattern.compile(".+:.+:.+:.+:.+:.+/.+", Pattern.DOTALL);
    private static final Pattern TABLE_ARN =
            Pattern.compile("arn:aws[a-z-]*:dynamodb:.+:\\d+:table/[^/]{3,}");

    private final Store store;
    private final Catalog catalog;
    private final Supplier<String> ids;

    /// @param ids makes revisions of policies
    public SettingOperations(Store store, Catalog catalog, Supplier<String> ids) {
        this.store = store;
        this.catalog = catalog;
        this.ids = ids;
    }

    private static void checkArn(@Nullable String arn, String operation, Caller caller) {
        if (arn == null) {
            throw Values.invalid("Invalid TableArn");
        }
        if (!ARN.matcher(arn).matches()) {
            throw new CommonError(
                    "AccessDeniedException",
                    400,
                    "User: "
                            + caller.principal().arn()
                            + " is not authorized to perform: dynamodb:"
                            + operation
                            + " on resource: "
                            + (arn.isEmpty() ? "*" : arn));
        }
    }

    private static TableKey table(String arn, Caller caller) {
        if (!TABLE_ARN.matcher(arn).matches()) {
            throw Values.invalid("Invalid TableArn: Invalid ResourceArn provided as input " + arn);
        }
        return TableKey.of(arn, caller);
    }

    private static CommonError missing(String member) {
        return Values.invalid(
                "1 validation error detected: Value null at '"
                        + member
                        + "' failed to satisfy constraint: Member must not be null");
    }

    private TableSchema ofArn(Transaction tx, TableKey key, String arn) {
        TableSchema schema = catalog.find(tx, key);
        if (schema == null) {
            throw new ResourceNotFoundException(
                    "Requested resource not found: ResourcArn: " + arn + " not found");
        }
        return schema;
    }

    private void change(TableKey key, String arn, UnaryOperator<TableRow.Settings> change) {
        store.updateOnly(tx -> {
            TableSchema schema = ofArn(tx, key, arn);
            TableRow row = schema.row();
            Catalog.put(tx, key, row.with(change.apply(row.settings())));
        });
    }

    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        checkArn(in.resourceArn(), "TagResource", caller);
        if (in.tags() == null) {
            throw missing("tags");
        }
        TableKey key = table(in.resourceArn(), caller);
        if (in.tags().isEmpty()) {
            throw Values.invalid("Atleast one Tag needs to be provided as Input.");
        }
        change(
                key,
                in.resourceArn(),
                settings -> settings.withTags(Tags.added(settings.tags(), in.tags())));
        return TagResourceResponse.builder().build();
    }

    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        checkArn(in.resourceArn(), "UntagResource", caller);
        if (in.tagKeys() == null) {
            throw missing("tagKeys");
        }
        TableKey key = table(in.resourceArn(), caller);
        if (in.tagKeys().isEmpty()) {
            throw Values.invalid("Atleast one Tag Key needs to be provided as Input.");
        }
        change(
                key,
                in.resourceArn(),
                settings -> {
                    Map<String, String> rest = new LinkedHashMap<>(settings.tags());
                    in.tagKeys().forEach(rest::remove);
                    return settings.withTags(rest);
                });
        return UntagResourceResponse.builder().build();
    }

    public ListTagsOfResourceResponse listTagsOfResource(
            ListTagsOfResourceRequest in, Caller caller) {
        checkArn(in.resourceArn(), "ListTagsOfResource", caller);
        TableKey key = table(in.resourceArn(), caller);
        Map<String, String> tags =
                store.read(tx -> {
                    TableSchema schema = catalog.find(tx, key);
                    // AWS: of a table that isn't there, it is the access that is denied.
                    if (schema == null) {
                        throw new CommonError(
                                "AccessDeniedException",
                                400,
                                "User: "
                                        + caller.principal().arn()
                                        + " is not authorized to perform: dynamodb:ListTagsOfResource"
                                        + " on resource: "
                                        + in.resourceArn());
                    }
                    return schema.row().settings().tags();
                });
        List<Tag> shown =
                tags.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                        .toList();
        return ListTagsOfResourceResponse.builder().tags(shown).build();
    }

    public UpdateTimeToLiveResponse updateTimeToLive(UpdateTimeToLiveRequest in, Caller caller) {
        TableKey key = TableKey.of(in.tableName(), caller);
        var wanted = in.timeToLiveSpecification();
        String attribute = wanted.attributeName();
        if (attribute.isEmpty()) {
            throw Values.invalid("TimeToLiveSpecification.AttributeName must be non empty");
        }
        store.updateOnly(tx -> {
            TableSchema schema = catalog.requireNamed(tx, key);
            TableRow row = schema.row();
            String now = row.settings().timeToLive();
            if (wanted.enabled() && now != null) {
                throw Values.invalid(
                        now.equals(attribute)
                                ? "TimeToLive is already enabled"
                                : "TimeToLive is active on a different AttributeName: current"
                                        + " AttributeName is "
                                        + now);
            }
            if (!wanted.enabled() && now == null) {
                throw Values.invalid("TimeToLive is already disabled");
            }
            if (!wanted.enabled() && !attribute.equals(now)) {
                throw Values.invalid(
                        "TimeToLive is active on a different AttributeName: current AttributeName is "
                                + now);
            }
            String next = wanted.enabled() ? attribute : null;
            Catalog.put(tx, key, row.with(row.settings().withTimeToLive(next)));
            if (next != null) {
                tx.put(
                        DynamodbTables.BACKFILLS,
                        new IndexId(row.number(), 0),
                        new BackfillRow(key, null));
            }
        });
        return UpdateTimeToLiveResponse.builder().timeToLiveSpecification(wanted).build();
    }

    public DescribeTimeToLiveResponse describeTimeToLive(
            DescribeTimeToLiveRequest in, Caller caller) {
        TableKey key = TableKey.of(in.tableName(), caller);
        String attribute =
                store.read(tx -> catalog.requireNamed(tx, key).row().settings().timeToLive());
        return DescribeTimeToLiveResponse.builder()
                .timeToLiveDescription(
                        TimeToLiveDescription.builder()
                                .timeToLiveStatus(attribute == null ? "DISABLED" : "ENABLED")
                                .attributeName(attribute)
                                .build())
                .build();
    }

    public DescribeContinuousBackupsResponse describeContinuousBackups(
            DescribeContinuousBackupsRequest in, Caller caller) {
        TableKey key = TableKey.of(in.tableName(), caller);
        store.read(tx -> {
            if (catalog.find(tx, key) == null) {
                throw new CommonError(
                        "TableNotFoundException", 400, "Table not found: " + key.name());
            }
            return Boolean.TRUE;
        });
        return DescribeContinuousBackupsResponse.builder()
                .continuousBackupsDescription(
                        ContinuousBackupsDescription.builder()
                                .continuousBackupsStatus("ENABLED")
                                .pointInTimeRecoveryDescription(
                                        PointInTimeRecoveryDescription.builder()
                                                .pointInTimeRecoveryStatus("DISABLED")
                                                .build())
                                .build())
                .build();
    }

    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest in, Caller caller) {
        TableKey key = table(in.resourceArn(), caller);
        String revision = ids.get();
        change(
                key,
                in.resourceArn(),
                settings -> {
                    checkRevision(in.expectedRevisionId(), settings);
                    return settings.withPolicy(in.policy(), revision);
                });
        return PutResourcePolicyResponse.builder().revisionId(revision).build();
    }

    private static void checkRevision(@Nullable String expected, TableRow.Settings settings) {
        if (expected == null) {
            return;
        }
        String current = settings.policyRevision();
        boolean same = expected.equals("NO_POLICY") ? current == null : expected.equals(current);
        if (!same) {
            throw new PolicyNotFoundException(
                    "Resource-based policy not found for the provided ResourceArn: Requested update"
                            + " for policy with revision id '"
                            + expected
                            + "'.");
        }
    }

    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest in, Caller caller) {
        TableKey key = table(in.resourceArn(), caller);
        TableRow.Settings settings =
                store.read(tx -> ofArn(tx, key, in.resourceArn()).row().settings());
        if (settings.policy() == null) {
            throw noPolicy(in.resourceArn());
        }
        return GetResourcePolicyResponse.builder()
                .policy(settings.policy())
                .revisionId(settings.policyRevision())
                .build();
    }

    private static PolicyNotFoundException noPolicy(String arn) {
        return new PolicyNotFoundException(
                "Resource-based policy not found for the provided ResourceArn: " + arn);
    }

    public DeleteResourcePolicyResponse deleteResourcePolicy(
            DeleteResourcePolicyRequest in, Caller caller) {
        TableKey key = table(in.resourceArn(), caller);
        TableRow.Settings before =
                store.read(tx -> ofArn(tx, key, in.resourceArn()).row().settings());
        if (before.policy() == null) {
            return DeleteResourcePolicyResponse.builder().build();
        }
        change(
                key,
                in.resourceArn(),
                settings -> {
                    checkRevision(in.expectedRevisionId(), settings);
                    return settings.withPolicy(null, null);
                });
        return DeleteResourcePolicyResponse.builder().revisionId(before.policyRevision()).build();
    }
}
