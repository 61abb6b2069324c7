package dev.freehold.services.s3.config;

import dev.freehold.api.s3.GetBucketPolicyResponse;
import dev.freehold.api.s3.GetBucketPolicyStatusResponse;
import dev.freehold.api.s3.PolicyStatus;
import dev.freehold.api.s3.PutBucketPolicyRequest;
import dev.freehold.policy.MalformedPolicyException;
import dev.freehold.policy.Policy;
import dev.freehold.policy.PolicyParser;
import dev.freehold.policy.Statement;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Bucket policies.
public final class Policies {
    private static final String SETTING = "policy";
    private static final int LONGEST = 20 * 1024;

    /// Condition keys that narrow a statement for everybody to somebody known.
    private static final Set<String> NARROWING =
            Set.of(
                    "aws:sourcearn",
                    "aws:sourceaccount",
                    "aws:sourceip",
                    "aws:sourcevpc",
                    "aws:sourcevpce",
                    "aws:sourceowner",
                    "aws:userid",
                    "aws:principalorgid",
                    "aws:principalarn",
                    "aws:principalaccount",
                    "s3:dataaccesspointaccount",
                    "s3:dataaccesspointarn");

    /// What AWS answers to a body that is no JSON object, or none at all.
    public static final String NO_JSON =
            "Policies must be valid JSON and the first byte must be '{'";

    private final Settings settings;

    public Policies(Context context) {
        this.settings = new Settings(context.store());
    }

    /// A bucket's policy document, or null.
    public static @Nullable String of(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    public GetBucketPolicyResponse get(String name, @Nullable String owner) {
        return GetBucketPolicyResponse.builder().policy(document(name, owner)).build();
    }

    private String document(String name, @Nullable String owner) {
        String document = settings.reading(name, owner, tx -> of(tx, name));
        if (document == null) {
            throw S3Errors.notConfigured(
                    "NoSuchBucketPolicy", "The bucket policy does not exist", name);
        }
        return document;
    }

    public void put(PutBucketPolicyRequest request) {
        String document = request.policy() == null ? "" : request.policy();
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        if (document.isEmpty() || document.charAt(0) != '{') {
            throw malformed(NO_JSON);
        }
        if (bytes.length > LONGEST) {
            throw S3Error.of(
                    400, "PolicyTooLarge", "Policy exceeds the maximum allowed document size.");
        }
        Policy policy = parse(document);
        if (policy.statements().isEmpty()) {
            throw malformed("Missing required field Statement");
        }
        requireOwnResources(policy, request.bucket());
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, bucket) -> {
                    if (isPublic(policy)
                            && PublicAccess.of(tx, bucket.name()).blockPublicPolicy()) {
                        throw S3Errors.accessDenied();
                    }
                    tx.put(S3Tables.SETTINGS, new SettingKey(bucket.name(), SETTING), bytes);
                });
    }

    private static Policy parse(String document) {
        try {
            return PolicyParser.parse(document, PolicyParser.Kind.RESOURCE);
        } catch (MalformedPolicyException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static S3Error malformed(String message) {
        return S3Error.of(400, "MalformedPolicy", message);
    }

    private static void requireOwnResources(Policy policy, String bucket) {
        String arn = "arn:aws:s3:::" + bucket;
        for (Statement statement : policy.statements()) {
            List<String> resources = statement.resources();
            for (String resource : resources == null ? List.<String>of() : resources) {
                boolean own =
                        resource.equals("*")
                                || resource.equals(arn)
                                || resource.startsWith(arn + "/")
                                || resource.startsWith(arn + "*")
                                || resource.startsWith("arn:aws:s3:::*");
                if (!own) {
                    throw malformed("Policy has invalid resource");
                }
            }
        }
    }

    public void delete(String name, @Nullable String owner) {
        settings.within(
                name,
                owner,
                (tx, _) -> tx.delete(S3Tables.SETTINGS, new SettingKey(name, SETTING)));
    }

    public GetBucketPolicyStatusResponse status(String name, @Nullable String owner) {
        boolean open = isPublic(parse(document(name, owner)));
        return GetBucketPolicyStatusResponse.builder()
                .policyStatus(PolicyStatus.builder().isPublic(open).build())
                .build();
    }

    /// Whether a policy allows something to everybody.
    ///
    /// See
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>.
    public static boolean isPublic(Policy policy) {
        return policy.statements().stream().anyMatch(Policies::isPublic);
    }

    private static boolean isPublic(Statement statement) {
        if (statement.effect() != Statement.Effect.ALLOW || statement.principals() == null) {
            return false;
        }
        boolean everybody =
                statement.principalsNegated()
                        || statement.principals().values().stream()
                                .anyMatch(names -> names.contains("*"));
        return everybody
                && statement.conditions().stream()
                        .noneMatch(condition ->
                                NARROWING.contains(condition.key().toLowerCase(Locale.ROOT)));
    }
}
