package dev.freehold.services.sns.filter;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Whatever a policy's text and a message's body are: a policy is read or refused, and a message is
/// wanted or not.
final class FilterPolicyFuzz {
    @FuzzTest
    void aTextIsReadOrRefused(FuzzedDataProvider data) {
        String policy = data.consumeString(500);
        String body = data.consumeRemainingAsString();
        try {
            FilterPolicy read = FilterPolicy.parse(policy, true);
            Candidate candidate = Candidate.ofBody(body);
            if (candidate != null) {
                read.matches(candidate);
            }
        } catch (FilterPolicyException e) {
            // refused
        }
    }
}
