/// IAM policies: reading a document, and deciding by all the policies that apply to a request.
///
/// [PolicyParser] makes a [Policy] of statements from JSON. [Evaluator] follows AWS's evaluation
/// logic: an explicit deny anywhere wins; then the resource's own policy, the boundary, the session
/// policy and the identity's policies must allow, as account and kind of principal demand. Every
/// decision says which statement made it.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.
@NullMarked
package dev.freehold.policy;

import org.jspecify.annotations.NullMarked;
