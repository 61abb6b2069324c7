package dev.freehold.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.s3.S3Model;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.rest.Router;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A request that an operation's own binding describes finds that operation, in every REST model.
final class RoutesTest {
    static Stream<ServiceModel> restModels() {
        return AllModels.all()
                .filter(model ->
                        model.protocols().contains(Protocol.REST_JSON_1)
                                || model.protocols().contains(Protocol.REST_XML));
    }

    @ParameterizedTest
    @MethodSource("restModels")
    void eachOperationIsFoundByTheRequestThatItsBindingDescribes(ServiceModel model) {
        Router router = new Router(model);
        Map<String, String> found = new TreeMap<>();
        Map<String, String> expected = new TreeMap<>();
        for (Operation operation : model.operations()) {
            expected.put(operation.name(), operation.name());
            found.put(operation.name(), String.valueOf(router.find(described(operation))));
        }
        // Directory buckets have a host of their own; the deprecated names share an address with
        // the operations that replaced them.
        expected.put("ListDirectoryBuckets", "ListBuckets");
        expected.put("GetBucketLifecycle", "GetBucketLifecycleConfiguration");
        expected.put("PutBucketLifecycle", "PutBucketLifecycleConfiguration");
        expected.put("GetBucketNotification", "GetBucketNotificationConfiguration");
        expected.put("PutBucketNotification", "PutBucketNotificationConfiguration");
        expected.keySet().retainAll(found.keySet());
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/b,,ListObjects",
        "GET,/b/,,ListObjects",
        "GET,/b,list-type=2&prefix=a,ListObjectsV2",
        "GET,/b/a//c/,x-id=GetObject,GetObject",
        "GET,/b/k,uploadId=u,ListParts",
        "PUT,/b/k,uploadId=u&partNumber=1,UploadPart",
        "POST,/b/k,uploads,CreateMultipartUpload",
        "POST,/b/k,uploads=,CreateMultipartUpload",
        "POST,/b/k,uploadId=u,CompleteMultipartUpload",
        "DELETE,/b/k,uploadId=u,AbortMultipartUpload",
        "DELETE,/b/k,versionId=v,DeleteObject",
        "POST,/b,delete,DeleteObjects",
        "GET,/b,versions,ListObjectVersions",
        "GET,/b,location,GetBucketLocation",
        "GET,/b/k,tagging,GetObjectTagging",
        "GET,/b,tagging,GetBucketTagging",
        "GET,/,,ListBuckets",
        "PATCH,/b,,",
    })
    void s3TellsItsOperationsApart(
            String method, String path, @Nullable String query, @Nullable String expected) {
        Request request = request(method, path, query == null ? "" : query, Headers.EMPTY);

        Operation found = new Router(S3Model.MODEL).find(request);

        assertThat(found == null ? null : found.name()).isEqualTo(expected);
    }

    @Test
    void aCopyIsTheWriteThatNamesItsSource() {
        Router router = new Router(S3Model.MODEL);
        Headers copy = Headers.builder().set("x-amz-copy-source", "/b/other").build();

        assertThat(router.find(request("PUT", "/b/k", "", copy))).hasToString("CopyObject");
        assertThat(router.find(request("PUT", "/b/k", "", Headers.EMPTY))).hasToString("PutObject");
        assertThat(router.find(request("PUT", "/b/k", "partNumber=1&uploadId=u", copy)))
                .hasToString("UploadPartCopy");
    }

    /// Labels, literal parameters, and all that is required.
    private static Request described(Operation operation) {
        String uri = operation.http().uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        StringBuilder query = new StringBuilder(mark < 0 ? "" : uri.substring(mark + 1));
        Headers.Builder headers = Headers.builder();
        for (Member member : operation.input().members()) {
            if (member.location() == Member.Location.LABEL) {
                path = path.replaceAll("\\{" + member.wireName() + "\\+?}", "some-label");
            } else if (member.required() && member.location() == Member.Location.QUERY) {
                query.append('&').append(member.wireName()).append("=1");
            } else if (member.required() && member.location() == Member.Location.HEADER) {
                headers.add(member.wireName(), "1");
            }
        }
        return request(operation.http().method(), path, query.toString(), headers.build());
    }

    private static Request request(String method, String path, String query, Headers headers) {
        return new Request(
                method,
                path,
                query,
                headers,
                ByteStream.of(Blob.EMPTY),
                "localhost:4566",
                "127.0.0.1",
                false,
                "request-1");
    }
}
