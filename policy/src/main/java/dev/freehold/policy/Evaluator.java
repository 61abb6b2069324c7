package dev.freehold.policy;

import dev.freehold.policy.Question.Kind;
import dev.freehold.policy.Question.Subject;
import dev.freehold.policy.Statement.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides by all the policies that apply. Pure.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.
public final class Evaluator {
    private Evaluator() {}

    public static Verdict decide(Question question) {
        Verdict denied = explicitDeny(question);
        if (denied != null) {
            return denied;
        }
        Subject subject = question.subject();
        Grant grant = grant(question);
        if (subject.kind() == Kind.SERVICE || subject.kind() == Kind.ANONYMOUS) {
            return grant.direct != null
                    ? Verdict.allow(grant.direct)
                    : Verdict.missing("resource-based policy", question.action());
        }
        boolean sameAccount =
                question.resourceAccount().isEmpty()
                        || question.resourceAccount().equals(subject.account());
        if (sameAccount && grant.bySessionName) {
            return Verdict.allow(grant.direct);
        }
        Verdict limited = limits(question);
        if (limited != null) {
            return limited;
        }
        if (sameAccount && grant.direct != null) {
            return Verdict.allow(grant.direct);
        }
        if (question.resourceDecides() && !grant.any()) {
            return Verdict.missing("resource-based policy", question.action());
        }
        Verdict identity = identity(question);
        if (!identity.allowed() || sameAccount || grant.any()) {
            return identity;
        }
        return Verdict.missing("resource-based policy", question.action());
    }

    /// The statements of a policy that speak of a question, whatever their effect.
    public static List<Statement> matching(Policy policy, Question question) {
        return policy.statements().stream()
                .filter(statement ->
                        Matcher.named(statement, question.subject()) != Matcher.Named.NOT
                                && Matcher.applies(policy, statement, question))
                .toList();
    }

    private static @Nullable Verdict explicitDeny(Question question) {
        Subject subject = question.subject();
        Verdict denied = denyIn(question, subject.identity(), "an identity-based");
        if (denied == null && subject.boundary() != null) {
            denied = denyIn(question, List.of(subject.boundary()), "a permissions boundary");
        }
        if (denied == null) {
            denied = denyIn(question, subject.session(), "a session");
        }
        if (denied == null && question.resourcePolicy() != null) {
            denied = denyIn(question, List.of(question.resourcePolicy()), "a resource-based");
        }
        return denied;
    }

    private static @Nullable Verdict denyIn(Question question, List<Policy> policies, String type) {
        for (Policy policy : policies) {
            for (Statement statement : policy.statements()) {
                if (statement.effect() == Effect.DENY
                        && Matcher.named(statement, question.subject()) != Matcher.Named.NOT
                        && Matcher.applies(policy, statement, question)) {
                    return Verdict.explicitDeny(type, statement);
                }
            }
        }
        return null;
    }

    /// What limits the identity's own permissions: the boundary and the session's policies.
    private static @Nullable Verdict limits(Question question) {
        Subject subject = question.subject();
        if (subject.boundary() != null && allowIn(question, List.of(subject.boundary())) == null) {
            return Verdict.missing("permissions boundary", question.action());
        }
        if (!subject.session().isEmpty() && allowIn(question, subject.session()) == null) {
            return Verdict.missing("session policy", question.action());
        }
        return null;
    }

    private static Verdict identity(Question question) {
        if (question.subject().kind() == Kind.ROOT) {
            return Verdict.allow(null);
        }
        Statement allowing = allowIn(question, question.subject().identity());
        return allowing == null
                ? Verdict.missing("identity-based policy", question.action())
                : Verdict.allow(allowing);
    }

    private static @Nullable Statement allowIn(Question question, List<Policy> policies) {
        for (Policy policy : policies) {
            for (Statement statement : policy.statements()) {
                if (statement.effect() == Effect.ALLOW
                        && Matcher.applies(policy, statement, question)) {
                    return statement;
                }
            }
        }
        return null;
    }

    /// What the resource's own policy grants: to the subject itself, or to its account, which then
    /// has to grant it on.
    private static Grant grant(Question question) {
        Policy policy = question.resourcePolicy();
        Statement direct = null;
        boolean bySessionName = false;
        boolean toAccount = false;
        if (policy == null) {
            return new Grant(null, false, false);
        }
        for (Statement statement : policy.statements()) {
            Matcher.Named named = Matcher.named(statement, question.subject());
            if (statement.effect() == Effect.ALLOW
                    && named != Matcher.Named.NOT
                    && Matcher.applies(policy, statement, question)) {
                toAccount |= named == Matcher.Named.BY_ACCOUNT;
                bySessionName |= named == Matcher.Named.ITSELF;
                direct = named == Matcher.Named.BY_ACCOUNT ? direct : statement;
            }
        }
        return new Grant(direct, bySessionName, toAccount);
    }

    private record Grant(@Nullable Statement direct, boolean bySessionName, boolean toAccount) {
        boolean any() {
            return direct != null || toAccount;
        }
    }
}
