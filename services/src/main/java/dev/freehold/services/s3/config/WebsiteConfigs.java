package dev.freehold.services.s3.config;

import dev.freehold.api.s3.Condition;
import dev.freehold.api.s3.GetBucketWebsiteResponse;
import dev.freehold.api.s3.PutBucketWebsiteRequest;
import dev.freehold.api.s3.Redirect;
import dev.freehold.api.s3.RedirectAllRequestsTo;
import dev.freehold.api.s3.RoutingRule;
import dev.freehold.api.s3.WebsiteConfiguration;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.config.Settings.Kind;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.storage.Transaction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Website configurations.
public final class WebsiteConfigs {
    private static final int MOST_RULES = 50;
    private static final Set<String> PROTOCOLS = Set.of("http", "https");
    private static final String INDEX = "IndexDocument";
    private static final Kind KIND =
            new Kind(
                    "website",
                    WebsiteConfiguration.SCHEMA,
                    "NoSuchWebsiteConfiguration",
                    "The specified bucket does not have a website configuration");

    private final Settings settings;

    public WebsiteConfigs(Context context) {
        this.settings = new Settings(context.store());
    }

    /// A bucket's configuration.
    ///
    /// @throws dev.freehold.services.s3.error.S3Error when it has none
    public static WebsiteConfiguration of(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, KIND.name());
        if (bytes == null) {
            throw S3Errors.notConfigured(KIND.missingCode(), KIND.missingText(), bucket);
        }
        return (WebsiteConfiguration) Shapes.fromBytes(KIND.schema(), bytes);
    }

    public GetBucketWebsiteResponse get(String name, @Nullable String owner) {
        WebsiteConfiguration set = (WebsiteConfiguration) settings.get(name, owner, KIND);
        return GetBucketWebsiteResponse.builder()
                .redirectAllRequestsTo(set.redirectAllRequestsTo())
                .indexDocument(set.indexDocument())
                .errorDocument(set.errorDocument())
                .routingRules(set.routingRules())
                .build();
    }

    public void put(PutBucketWebsiteRequest request) {
        WebsiteConfiguration asked = request.websiteConfiguration();
        requireDocuments(asked);
        List<RoutingRule> rules = asked.routingRules();
        if (rules != null) {
            if (rules.isEmpty() || rules.size() > MOST_RULES) {
                throw S3Errors.malformedXml();
            }
            rules.forEach(WebsiteConfigs::requireValid);
        }
        settings.put(request.bucket(), request.expectedBucketOwner(), KIND, asked);
    }

    private static void requireDocuments(WebsiteConfiguration asked) {
        RedirectAllRequestsTo all = asked.redirectAllRequestsTo();
        if (all != null) {
            if (asked.indexDocument() != null
                    || asked.errorDocument() != null
                    || asked.routingRules() != null) {
                throw S3Errors.invalidArgument(
                        "RedirectAllRequestsTo cannot be provided in conjunction with other Routing"
                                + " Rules.",
                        "RedirectAllRequestsTo",
                        "not null");
            }
            if (all.hostName() == null) {
                throw S3Errors.malformedXml();
            }
            requireProtocol(all.protocol());
            return;
        }
        if (asked.indexDocument() == null) {
            throw S3Errors.invalidArgument(
                    "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is"
                            + " empty",
                    INDEX,
                    "null");
        }
        String suffix = asked.indexDocument().suffix();
        if (suffix == null || suffix.isEmpty() || suffix.contains("/")) {
            throw S3Errors.invalidArgument(
                    "The IndexDocument Suffix is not well formed",
                    INDEX,
                    suffix == null ? "" : suffix);
        }
        if (asked.errorDocument() != null
                && (asked.errorDocument().key() == null || asked.errorDocument().key().isEmpty())) {
            throw S3Errors.invalidArgument(
                    "The ErrorDocument Key is not well formed", "ErrorDocument", "");
        }
    }

    private static void requireProtocol(@Nullable String protocol) {
        if (protocol != null && !PROTOCOLS.contains(protocol)) {
            throw S3Errors.invalidRequest(
                    "Invalid protocol, protocol can be http or https. If not defined the protocol"
                            + " will be selected automatically.");
        }
    }

    private static void requireValid(RoutingRule rule) {
        Redirect redirect = rule.redirect();
        if (redirect == null) {
            throw S3Errors.malformedXml();
        }
        requireProtocol(redirect.protocol());
        if (redirect.replaceKeyPrefixWith() != null && redirect.replaceKeyWith() != null) {
            throw S3Errors.invalidRequest(
                    "You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
        }
        String code = redirect.httpRedirectCode();
        if (code != null && !code.matches("30[1-8]")) {
            throw S3Errors.invalidRequest(
                    "The provided HTTP redirect code ("
                            + code
                            + ") is not valid. Valid codes are"
                            + " 3XX except 300.");
        }
        Condition condition = rule.condition();
        if (condition == null) {
            return;
        }
        String error = condition.httpErrorCodeReturnedEquals();
        if (condition.keyPrefixEquals() == null && error == null) {
            throw S3Errors.invalidRequest(
                    "Condition cannot be empty. To redirect all requests without a condition, the"
                            + " condition element shouldn't be present.");
        }
        if (error != null && !error.matches("[45]\\d\\d")) {
            throw S3Errors.invalidRequest(
                    "The provided HTTP error code ("
                            + error
                            + ") is not valid. Valid codes are 4XX"
                            + " or 5XX.");
        }
    }

    public void delete(String name, @Nullable String owner) {
        settings.delete(name, owner, KIND);
    }
}
