package dev.freehold.http;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the edge's own errors are called. They are thrown under the names of the query protocol,
/// AWS's oldest; the JSON services call most of them otherwise, and S3 some.
///
/// See <https://docs.aws.amazon.com/awssupport/latest/APIReference/CommonErrors.html>.
final class ErrorNames {
    /// @param json the name in the JSON and CBOR protocols
    /// @param s3 the code in S3
    /// @param s3Status the status in S3
    private record Names(String json, String s3, int s3Status) {}

    private static final Map<String, Names> NAMES =
            Map.of(
                    "MissingAuthenticationToken",
                            new Names("MissingAuthenticationTokenException", "AccessDenied", 403),
                    "IncompleteSignature",
                            new Names(
                                    "IncompleteSignatureException",
                                    "AuthorizationHeaderMalformed",
                                    400),
                    "InvalidClientTokenId",
                            new Names("UnrecognizedClientException", "InvalidAccessKeyId", 403),
                    "ExpiredToken", new Names("ExpiredTokenException", "ExpiredToken", 400),
                    "SignatureDoesNotMatch",
                            new Names("InvalidSignatureException", "SignatureDoesNotMatch", 403),
                    "AccessDenied", new Names("AccessDeniedException", "AccessDenied", 403),
                    "InternalFailure", new Names("InternalFailure", "InternalError", 500));

    private ErrorNames() {}

    /// The error as the service's clients know it.
    static ServiceError known(ServiceError error, ServiceModel service, Protocol protocol) {
        @Nullable Names names = NAMES.get(error.shape().code());
        if (names == null || !(error instanceof CommonError common)) {
            return error;
        }
        String code = error.shape().code();
        int status = error.shape().status();
        return switch (protocol) {
            case AWS_QUERY -> error;
            case REST_XML ->
                    service.has(ServiceModel.Trait.S3_ERRORS)
                            ? common.named(names.s3(), names.s3(), names.s3Status())
                            : error;
            case REST_JSON_1 -> common.named(names.json(), names.json(), status);
            case AWS_JSON_1_0, AWS_JSON_1_1, AWS_CBOR_1_1, RPC_V2_CBOR ->
                    common.named(
                            names.json(),
                            service.has(ServiceModel.Trait.QUERY_COMPATIBLE) ? code : names.json(),
                            status < 500 ? 400 : status);
        };
    }
}
