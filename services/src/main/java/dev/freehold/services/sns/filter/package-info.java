/// Filter policies: which messages a subscription wants.
///
/// A [FilterPolicy] is read by [FilterPolicyReader] with the errors that AWS answers, down to the
/// place in the text, and asked with a [Candidate]: a message's attributes or its body, flattened
/// to the values at each path. Fields are ANDed, the values of a field are ORed.
///
/// See <https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html>.
@NullMarked
package dev.freehold.services.sns.filter;

import org.jspecify.annotations.NullMarked;
