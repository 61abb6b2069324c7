package dev.freehold.services.logs;

import dev.freehold.api.logs.DeleteMetricFilterRequest;
import dev.freehold.api.logs.DeleteMetricFilterResponse;
import dev.freehold.api.logs.DeleteResourcePolicyRequest;
import dev.freehold.api.logs.DeleteResourcePolicyResponse;
import dev.freehold.api.logs.DeleteSubscriptionFilterRequest;
import dev.freehold.api.logs.DeleteSubscriptionFilterResponse;
import dev.freehold.api.logs.DescribeMetricFiltersRequest;
import dev.freehold.api.logs.DescribeMetricFiltersResponse;
import dev.freehold.api.logs.DescribeResourcePoliciesRequest;
import dev.freehold.api.logs.DescribeResourcePoliciesResponse;
import dev.freehold.api.logs.DescribeSubscriptionFiltersRequest;
import dev.freehold.api.logs.DescribeSubscriptionFiltersResponse;
import dev.freehold.api.logs.LogsApi;
import dev.freehold.api.logs.MetricFilter;
import dev.freehold.api.logs.PutMetricFilterRequest;
import dev.freehold.api.logs.PutMetricFilterResponse;
import dev.freehold.api.logs.PutResourcePolicyRequest;
import dev.freehold.api.logs.PutResourcePolicyResponse;
import dev.freehold.api.logs.PutSubscriptionFilterRequest;
import dev.freehold.api.logs.PutSubscriptionFilterResponse;
import dev.freehold.api.logs.ResourcePolicy;
import dev.freehold.api.logs.SubscriptionFilter;
import dev.freehold.api.logs.TestMetricFilterRequest;
import dev.freehold.api.logs.TestMetricFilterResponse;
import dev.freehold.protocol.Caller;
import java.util.List;

/// The operations on metric filters, subscription filters and resource policies.
interface FilterOperations extends LogsApi {
    Filters filters();

    Subscriptions subscriptions();

    @Override
    default PutMetricFilterResponse putMetricFilter(PutMetricFilterRequest in, Caller caller) {
        filters().put(in, caller);
        return PutMetricFilterResponse.builder().build();
    }

    @Override
    default DeleteMetricFilterResponse deleteMetricFilter(
            DeleteMetricFilterRequest in, Caller caller) {
        filters().delete(in, caller);
        return DeleteMetricFilterResponse.builder().build();
    }

    @Override
    default DescribeMetricFiltersResponse describeMetricFilters(
            DescribeMetricFiltersRequest in, Caller caller) {
        Tokens.Page<MetricFilter> page =
                Tokens.page(
                        filters().list(in, caller),
                        f -> f.logGroupName() + " " + f.filterName(),
                        in.nextToken(),
                        in.limit());
        return DescribeMetricFiltersResponse.builder()
                .metricFilters(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default TestMetricFilterResponse testMetricFilter(TestMetricFilterRequest in, Caller caller) {
        return TestMetricFilterResponse.builder().matches(Filters.test(in)).build();
    }

    @Override
    default PutSubscriptionFilterResponse putSubscriptionFilter(
            PutSubscriptionFilterRequest in, Caller caller) {
        subscriptions().put(in, caller);
        return PutSubscriptionFilterResponse.builder().build();
    }

    @Override
    default DeleteSubscriptionFilterResponse deleteSubscriptionFilter(
            DeleteSubscriptionFilterRequest in, Caller caller) {
        subscriptions().delete(caller, in.logGroupName(), in.filterName());
        return DeleteSubscriptionFilterResponse.builder().build();
    }

    @Override
    default DescribeSubscriptionFiltersResponse describeSubscriptionFilters(
            DescribeSubscriptionFiltersRequest in, Caller caller) {
        List<SubscriptionFilter> all =
                subscriptions().list(caller, in.logGroupName(), in.filterNamePrefix());
        Tokens.Page<SubscriptionFilter> page =
                Tokens.page(all, f -> String.valueOf(f.filterName()), in.nextToken(), in.limit());
        return DescribeSubscriptionFiltersResponse.builder()
                .subscriptionFilters(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default PutResourcePolicyResponse putResourcePolicy(
            PutResourcePolicyRequest in, Caller caller) {
        return PutResourcePolicyResponse.builder()
                .resourcePolicy(filters().put(in, caller))
                .build();
    }

    @Override
    default DescribeResourcePoliciesResponse describeResourcePolicies(
            DescribeResourcePoliciesRequest in, Caller caller) {
        Tokens.Page<ResourcePolicy> page =
                Tokens.page(
                        filters().resourcePolicies(caller),
                        p -> String.valueOf(p.policyName()),
                        in.nextToken(),
                        in.limit());
        return DescribeResourcePoliciesResponse.builder()
                .resourcePolicies(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default DeleteResourcePolicyResponse deleteResourcePolicy(
            DeleteResourcePolicyRequest in, Caller caller) {
        filters().deleteResourcePolicy(in.policyName(), caller);
        return DeleteResourcePolicyResponse.builder().build();
    }
}
