package dev.freehold.services.sts;

import dev.freehold.api.sts.AssumeRoleRequest;
import dev.freehold.api.sts.AssumeRoleResponse;
import dev.freehold.api.sts.AssumedRoleUser;
import dev.freehold.api.sts.DecodeAuthorizationMessageRequest;
import dev.freehold.api.sts.DecodeAuthorizationMessageResponse;
import dev.freehold.api.sts.FederatedUser;
import dev.freehold.api.sts.GetAccessKeyInfoRequest;
import dev.freehold.api.sts.GetAccessKeyInfoResponse;
import dev.freehold.api.sts.GetCallerIdentityRequest;
import dev.freehold.api.sts.GetCallerIdentityResponse;
import dev.freehold.api.sts.GetFederationTokenRequest;
import dev.freehold.api.sts.GetFederationTokenResponse;
import dev.freehold.api.sts.GetSessionTokenRequest;
import dev.freehold.api.sts.GetSessionTokenResponse;
import dev.freehold.api.sts.InvalidAuthorizationMessageException;
import dev.freehold.api.sts.MalformedPolicyDocumentException;
import dev.freehold.api.sts.PackedPolicyTooLargeException;
import dev.freehold.api.sts.PolicyDescriptorType;
import dev.freehold.api.sts.StsApi;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.protocol.Principal;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.Credentials.Issued;
import dev.freehold.services.iam.Credentials.Wanted;
import dev.freehold.services.iam.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The front of STS.
public final class StsService implements StsApi {
    private static final int DEFAULT_ROLE_SECONDS = 3_600;
    private static final int DEFAULT_USER_SECONDS = 43_200;

    /// The longest session that a session may assume, and that root may have, in seconds.
    private static final int MAX_CHAINED_SECONDS = 3_600;

    /// The most characters of session policies and tags together.
    private static final int MAX_PACKED = 2_048;

    private final Credentials credentials;

    public StsService(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest in, Caller caller) {
        return GetCallerIdentityResponse.builder()
                .userId(caller.principal().id())
                .account(caller.account())
                .arn(caller.principal().arn())
                .build();
    }

    /// Who may assume the role was decided by its trust policy before this is called.
    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest in, Caller caller) {
        refuse("SerialNumber and TokenCode", in.serialNumber() != null || in.tokenCode() != null);
        refuse("ProvidedContexts", some(in.providedContexts()));
        Credentials.Role role = credentials.role(in.roleArn());
        if (role == null) {
            throw notAuthorized(caller, in.roleArn());
        }
        Session from = credentials.sessionOf(caller);
        int seconds = in.durationSeconds() == null ? DEFAULT_ROLE_SECONDS : in.durationSeconds();
        checkDuration(seconds, role, from);
        SessionTags tags = SessionTags.of(in.tags(), in.transitiveTagKeys(), from);
        List<String> policies = policies(in.policy(), in.policyArns(), role.account());
        int packed = packed(in.policy(), tags);
        String source = from == null ? null : from.sourceIdentity();
        if (source != null && in.sourceIdentity() != null && !source.equals(in.sourceIdentity())) {
            throw notAuthorized(caller, in.roleArn());
        }
        Issued issued =
                credentials.issue(
                        new Wanted(
                                Session.Kind.ROLE,
                                role.account(),
                                role.name(),
                                in.roleSessionName(),
                                Duration.ofSeconds(seconds),
                                policies,
                                tags.values(),
                                tags.transitive(),
                                source == null ? in.sourceIdentity() : source));
        if (issued == null) {
            throw notAuthorized(caller, in.roleArn());
        }
        return AssumeRoleResponse.builder()
                .credentials(view(issued))
                .assumedRoleUser(assumed(role, in.roleSessionName()))
                .packedPolicySize(packed == 0 ? null : packed)
                .sourceIdentity(source == null ? in.sourceIdentity() : source)
                .build();
    }

    private static AssumedRoleUser assumed(Credentials.Role role, String session) {
        return AssumedRoleUser.builder()
                .assumedRoleId(role.id() + ":" + session)
                .arn(
                        "arn:aws:sts::"
                                + role.account()
                                + ":assumed-role/"
                                + role.name()
                                + "/"
                                + session)
                .build();
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of STS");
        }
    }

    private static boolean some(@Nullable List<?> list) {
        return list != null && !list.isEmpty();
    }

    private static CommonError notAuthorized(Caller caller, String roleArn) {
        return new CommonError(
                "AccessDenied",
                403,
                "User: "
                        + caller.principal().arn()
                        + " is not authorized to perform: sts:AssumeRole on resource: "
                        + roleArn);
    }

    private static void checkDuration(int seconds, Credentials.Role role, @Nullable Session from) {
        boolean chained = from != null && from.kind() == Session.Kind.ROLE;
        if (chained && seconds > MAX_CHAINED_SECONDS) {
            throw validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles"
                            + " assumed by role chaining");
        }
        if (seconds > role.maxSession()) {
            throw validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this"
                            + " role.");
        }
    }

    private static CommonError validation(String message) {
        return new CommonError("ValidationError", 400, message);
    }

    /// The documents of the policies that limit a session.
    private List<String> policies(
            @Nullable String policy, @Nullable List<PolicyDescriptorType> arns, String account) {
        List<String> documents = new ArrayList<>();
        if (policy != null) {
            try {
                PolicyParser.parse(policy, PolicyParser.Kind.IDENTITY);
            } catch (MalformedPolicyException e) {
                throw new MalformedPolicyDocumentException(e.getMessage());
            }
            documents.add(policy);
        }
        for (PolicyDescriptorType descriptor :
                arns == null ? List.<PolicyDescriptorType>of() : arns) {
            String arn = String.valueOf(descriptor.arn());
            String document = credentials.policy(account, arn);
            if (document == null) {
                throw validation("Policy " + arn + " does not exist or is not attachable.");
            }
            documents.add(document);
        }
        return documents;
    }

    /// How full the packed session policies and tags are, in percent.
    private static int packed(@Nullable String policy, SessionTags tags) {
        int size = policy == null ? 0 : policy.replaceAll("\\s", "").length();
        for (Map.Entry<String, String> tag : tags.values().entrySet()) {
            size += tag.getKey().length() + tag.getValue().length();
        }
        int percent = (size * 100 + MAX_PACKED - 1) / MAX_PACKED;
        if (percent > 100) {
            throw new PackedPolicyTooLargeException(
                    "Packed policy consumes "
                            + percent
                            + "% of allotted space, please use smaller"
                            + " policy.");
        }
        return percent;
    }

    private static dev.freehold.api.sts.Credentials view(Issued issued) {
        return dev.freehold.api.sts.Credentials.builder()
                .accessKeyId(issued.accessKeyId())
                .secretAccessKey(issued.secret())
                .sessionToken(issued.token())
                .expiration(issued.expiry())
                .build();
    }

    /// Whose long-term credentials a caller uses: a user's name, or "" for root.
    private String longTerm(String operation, Caller caller) {
        if (credentials.sessionOf(caller) == null) {
            if (caller.principal() instanceof Principal.User user) {
                return user.name();
            }
            if (caller.principal() instanceof Principal.Root) {
                return "";
            }
        }
        throw new CommonError(
                "AccessDenied", 403, "Cannot call " + operation + " with session credentials");
    }

    private static Duration userDuration(@Nullable Integer asked, String user) {
        int seconds =
                asked == null ? user.isEmpty() ? MAX_CHAINED_SECONDS : DEFAULT_USER_SECONDS : asked;
        // AWS: root's sessions last an hour at most, whatever is asked for.
        return Duration.ofSeconds(
                user.isEmpty() ? Math.min(seconds, MAX_CHAINED_SECONDS) : seconds);
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest in, Caller caller) {
        refuse("SerialNumber and TokenCode", in.serialNumber() != null || in.tokenCode() != null);
        String user = longTerm("GetSessionToken", caller);
        Issued issued =
                Objects.requireNonNull(
                        credentials.issue(
                                new Wanted(
                                        user.isEmpty() ? Session.Kind.ROOT : Session.Kind.USER,
                                        caller.account(),
                                        user,
                                        user,
                                        userDuration(in.durationSeconds(), user),
                                        List.of(),
                                        Map.of(),
                                        List.of(),
                                        null)));
        return GetSessionTokenResponse.builder().credentials(view(issued)).build();
    }

    @Override
    public GetFederationTokenResponse getFederationToken(
            GetFederationTokenRequest in, Caller caller) {
        String user = longTerm("GetFederationToken", caller);
        SessionTags tags = SessionTags.of(in.tags(), null, null);
        int packed = packed(in.policy(), tags);
        Issued issued =
                Objects.requireNonNull(
                        credentials.issue(
                                new Wanted(
                                        Session.Kind.FEDERATED,
                                        caller.account(),
                                        user,
                                        in.name(),
                                        userDuration(in.durationSeconds(), user),
                                        policies(in.policy(), in.policyArns(), caller.account()),
                                        tags.values(),
                                        List.of(),
                                        null)));
        Principal federated = new Principal.Federated(caller.account(), in.name(), user);
        return GetFederationTokenResponse.builder()
                .credentials(view(issued))
                .federatedUser(
                        FederatedUser.builder()
                                .federatedUserId(federated.id())
                                .arn(federated.arn())
                                .build())
                .packedPolicySize(packed == 0 ? null : packed)
                .build();
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest in, Caller caller) {
        String account = credentials.accountOf(in.accessKeyId());
        if (account == null) {
            throw new CommonError(
                    "InvalidClientTokenId",
                    403,
                    "The security token included in the request is invalid");
        }
        return GetAccessKeyInfoResponse.builder().account(account).build();
    }

    /// No error here carries an encoded message, so none that is shown was made here.
    @Override
    public DecodeAuthorizationMessageResponse decodeAuthorizationMessage(
            DecodeAuthorizationMessageRequest in, Caller caller) {
        throw new InvalidAuthorizationMessageException("The message is not valid.");
    }
}
