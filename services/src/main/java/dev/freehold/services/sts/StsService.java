package dev.freehold.services.sts;

import dev.freehold.api.sts.AssumeRoleRequest;
import dev.freehold.api.sts.AssumeRoleResponse;
import dev.freehold.api.sts.AssumedRoleUser;
import dev.freehold.api.sts.GetCallerIdentityRequest;
import dev.freehold.api.sts.GetCallerIdentityResponse;
import dev.freehold.api.sts.MalformedPolicyDocumentException;
import dev.freehold.api.sts.StsApi;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.PolicyParser;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.iam.Credentials;
import java.time.Duration;
import java.util.List;

/// The front of STS.
public final class StsService implements StsApi {
    private static final int DEFAULT_SECONDS = 3600;

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
        if (in.policy() != null) {
            try {
                PolicyParser.parse(in.policy(), PolicyParser.Kind.IDENTITY);
            } catch (MalformedPolicyException e) {
                throw new MalformedPolicyDocumentException(e.getMessage());
            }
        }
        int seconds = in.durationSeconds() == null ? DEFAULT_SECONDS : in.durationSeconds();
        Credentials.Issued issued =
                credentials.issue(
                        in.roleArn(),
                        in.roleSessionName(),
                        Duration.ofSeconds(seconds),
                        in.policy() == null ? List.of() : List.of(in.policy()));
        Arn role = Arn.parse(in.roleArn());
        if (issued == null || role == null) {
            throw new CommonError(
                    "AccessDenied",
                    403,
                    "User: "
                            + caller.principal().arn()
                            + " is not authorized to perform: sts:AssumeRole on resource: "
                            + in.roleArn());
        }
        String name = role.resource().substring(role.resource().lastIndexOf('/') + 1);
        return AssumeRoleResponse.builder()
                .credentials(
                        dev.freehold.api.sts.Credentials.builder()
                                .accessKeyId(issued.accessKeyId())
                                .secretAccessKey(issued.secret())
                                .sessionToken(issued.token())
                                .expiration(issued.expiry())
                                .build())
                .assumedRoleUser(
                        AssumedRoleUser.builder()
                                .assumedRoleId(issued.roleId() + ":" + in.roleSessionName())
                                .arn(
                                        "arn:aws:sts::"
                                                + role.account()
                                                + ":assumed-role/"
                                                + name
                                                + "/"
                                                + in.roleSessionName())
                                .build())
                .packedPolicySize(in.policy() == null ? null : 1)
                .build();
    }
}
