package dev.freehold.services.logs;

import dev.freehold.api.logs.DeleteMetricFilterRequest;
import dev.freehold.api.logs.DescribeMetricFiltersRequest;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.LimitExceededException;
import dev.freehold.api.logs.MetricFilter;
import dev.freehold.api.logs.MetricFilterMatchRecord;
import dev.freehold.api.logs.PutMetricFilterRequest;
import dev.freehold.api.logs.PutResourcePolicyRequest;
import dev.freehold.api.logs.ResourceNotFoundException;
import dev.freehold.api.logs.ResourcePolicy;
import dev.freehold.api.logs.TestMetricFilterRequest;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.logs.LogsTables.NamedKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Metric filters and resource policies: what is kept for groups and accounts.
///
/// Metric filters are kept and can be tested; they publish nothing, as there is no CloudWatch here
/// yet that could take it.
final class Filters {
    private static final int MAX_FILTERS = 10_000;
    private static final int MAX_RESOURCE_POLICIES = 10;

    private final Store store;
    private final InstantSource clock;

    Filters(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    private static Scope scope(Caller caller) {
        return new Scope(caller.account(), caller.region());
    }

    void put(PutMetricFilterRequest in, Caller caller) {
        FilterPattern.checked(in.filterPattern());
        if (Boolean.TRUE.equals(in.applyOnTransformedLogs())
                || in.fieldSelectionCriteria() != null) {
            throw new NotImplementedError(
                    "ApplyOnTransformedLogs or FieldSelectionCriteria of a metric filter");
        }
        Scope scope = scope(caller);
        NamedKey key = new NamedKey(scope, in.logGroupName(), in.filterName());
        long now = clock.millis();
        store.updateOnly(tx -> {
            LogsService.group(tx, scope, in.logGroupName());
            MetricFilter filter =
                    Copies.of(in, MetricFilter.builder())
                            .creationTime(now)
                            .applyOnTransformedLogs(false)
                            .build();
            tx.put(LogsTables.METRIC_FILTERS, key, filter);
        });
    }

    void delete(DeleteMetricFilterRequest in, Caller caller) {
        Scope scope = scope(caller);
        NamedKey key = new NamedKey(scope, in.logGroupName(), in.filterName());
        store.updateOnly(tx -> {
            LogsService.group(tx, scope, in.logGroupName());
            if (tx.get(LogsTables.METRIC_FILTERS, key) == null) {
                throw new ResourceNotFoundException("The specified metric filter does not exist.");
            }
            tx.delete(LogsTables.METRIC_FILTERS, key);
        });
    }

    List<MetricFilter> list(DescribeMetricFiltersRequest in, Caller caller) {
        if ((in.metricName() == null) != (in.metricNamespace() == null)) {
            throw new InvalidParameterException(
                    "Either both or none of metricName and metricNamespace must be specified.");
        }
        Scope scope = scope(caller);
        KeyRange range =
                in.logGroupName() == null
                        ? LogsTables.groups(scope, "")
                        : LogsTables.inGroup(scope, in.logGroupName());
        return store.read(tx -> {
            if (in.logGroupName() != null) {
                LogsService.group(tx, scope, in.logGroupName());
            }
            List<MetricFilter> found = new ArrayList<>();
            try (Cursor<NamedKey, MetricFilter> cursor =
                    tx.scan(LogsTables.METRIC_FILTERS, range, MAX_FILTERS)) {
                while (cursor.next()) {
                    if (wanted(in, cursor.value())) {
                        found.add(cursor.value());
                    }
                }
            }
            return found;
        });
    }

    private static boolean wanted(DescribeMetricFiltersRequest in, MetricFilter filter) {
        String name = String.valueOf(filter.filterName());
        boolean named = in.filterNamePrefix() == null || name.startsWith(in.filterNamePrefix());
        if (!named || in.metricName() == null || filter.metricTransformations() == null) {
            return named;
        }
        return filter.metricTransformations().stream()
                .anyMatch(t ->
                        t.metricName().equals(in.metricName())
                                && t.metricNamespace().equals(in.metricNamespace()));
    }

    /// How many metric filters a group has.
    static int count(Transaction tx, Scope scope, String group) {
        int count = 0;
        KeyRange range = LogsTables.inGroup(scope, group);
        try (Cursor<NamedKey, MetricFilter> cursor =
                tx.scan(LogsTables.METRIC_FILTERS, range, MAX_FILTERS)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /// The messages that a pattern lets through, with their places from 1.
    static List<MetricFilterMatchRecord> test(TestMetricFilterRequest in) {
        FilterPattern pattern = FilterPattern.checked(in.filterPattern());
        List<MetricFilterMatchRecord> matches = new ArrayList<>();
        for (int i = 0; i < in.logEventMessages().size(); i++) {
            String message = in.logEventMessages().get(i);
            if (pattern.matches(message)) {
                matches.add(
                        MetricFilterMatchRecord.builder()
                                .eventNumber(i + 1L)
                                .eventMessage(message)
                                .extractedValues(pattern.extract(message))
                                .build());
            }
        }
        return matches;
    }

    ResourcePolicy put(PutResourcePolicyRequest in, Caller caller) {
        if (in.resourceArn() != null || in.expectedRevisionId() != null) {
            throw new NotImplementedError("A resource policy of one log group");
        }
        if (in.policyName() == null || in.policyDocument() == null) {
            throw new InvalidParameterException("policyName and policyDocument are required.");
        }
        try {
            PolicyParser.parse(in.policyDocument(), PolicyParser.Kind.RESOURCE);
        } catch (MalformedPolicyException e) {
            throw new InvalidParameterException(e.getMessage());
        }
        NamedKey key = new NamedKey(scope(caller), "", in.policyName());
        ResourcePolicy policy =
                ResourcePolicy.builder()
                        .policyName(in.policyName())
                        .policyDocument(in.policyDocument())
                        .lastUpdatedTime(clock.millis())
                        .policyScope("ACCOUNT")
                        .build();
        store.updateOnly(tx -> {
            if (tx.get(LogsTables.RESOURCE_POLICIES, key) == null
                    && resourcePolicies(tx, caller).size() >= MAX_RESOURCE_POLICIES) {
                throw new LimitExceededException("Resource limit exceeded.");
            }
            tx.put(LogsTables.RESOURCE_POLICIES, key, policy);
        });
        return policy;
    }

    List<ResourcePolicy> resourcePolicies(Caller caller) {
        return store.read(tx -> resourcePolicies(tx, caller));
    }

    private static List<ResourcePolicy> resourcePolicies(Transaction tx, Caller caller) {
        List<ResourcePolicy> found = new ArrayList<>();
        KeyRange range = LogsTables.inGroup(scope(caller), "");
        try (Cursor<NamedKey, ResourcePolicy> cursor =
                tx.scan(LogsTables.RESOURCE_POLICIES, range, MAX_RESOURCE_POLICIES)) {
            while (cursor.next()) {
                found.add(cursor.value());
            }
        }
        return found;
    }

    void deleteResourcePolicy(@Nullable String name, Caller caller) {
        NamedKey key = new NamedKey(scope(caller), "", name == null ? "" : name);
        store.updateOnly(tx -> {
            if (tx.get(LogsTables.RESOURCE_POLICIES, key) == null) {
                throw new ResourceNotFoundException(
                        "Policy with name [" + name + "] does not exist.");
            }
            tx.delete(LogsTables.RESOURCE_POLICIES, key);
        });
    }
}
