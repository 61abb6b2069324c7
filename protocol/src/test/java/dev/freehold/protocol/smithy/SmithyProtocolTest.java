package dev.freehold.protocol.smithy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.WireProtocol;
import dev.freehold.protocol.cbor.RpcV2Cbor;
import dev.freehold.protocol.json.AwsJson;
import dev.freehold.protocol.query.AwsQuery;
import dev.freehold.protocol.rest.RestJson;
import dev.freehold.protocol.rest.RestXml;
import dev.freehold.protocol.rest.Router;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.protocol.validation.Validation;
import dev.freehold.protocol.validation.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import software.amazon.smithy.model.Model;
import software.amazon.smithy.model.shapes.OperationShape;
import software.amazon.smithy.model.shapes.Shape;
import software.amazon.smithy.protocoltests.traits.AppliesTo;
import software.amazon.smithy.protocoltests.traits.HttpMalformedRequestTestCase;
import software.amazon.smithy.protocoltests.traits.HttpMalformedRequestTestsTrait;
import software.amazon.smithy.protocoltests.traits.HttpMessageTestCase;
import software.amazon.smithy.protocoltests.traits.HttpRequestTestCase;
import software.amazon.smithy.protocoltests.traits.HttpRequestTestsTrait;
import software.amazon.smithy.protocoltests.traits.HttpResponseTestCase;
import software.amazon.smithy.protocoltests.traits.HttpResponseTestsTrait;

/// Runs Smithy's protocol tests.
final class SmithyProtocolTest {
    private static final Model MODEL = Model.assembler().discoverModels().assemble().unwrap();
    private static final List<ModelService> SERVICES = ModelService.all(MODEL).toList();
    private static final Skips SKIPS = Skips.read("/smithy-skips.txt");
    private static final Map<Protocol, WireProtocol> CODECS =
            Map.of(
                    Protocol.AWS_JSON_1_0, new AwsJson("1.0"),
                    Protocol.AWS_JSON_1_1, new AwsJson("1.1"),
                    Protocol.REST_JSON_1, new RestJson(),
                    Protocol.REST_XML, new RestXml(),
                    Protocol.AWS_QUERY, new AwsQuery(),
                    Protocol.RPC_V2_CBOR, new RpcV2Cbor());

    @TestFactory
    Stream<DynamicTest> requestsAreDecoded() {
        List<DynamicTest> tests = new ArrayList<>();
        forEachOperation((service, shape, operation) ->
                shape.getTrait(HttpRequestTestsTrait.class)
                        .ifPresent(trait -> {
                            for (HttpRequestTestCase test : trait.getTestCases()) {
                                if (ours(test, service)) {
                                    tests.add(
                                            test(
                                                    "request " + test.getId(),
                                                    () -> decode(service, operation, test)));
                                }
                            }
                        }));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> responsesAreEncoded() {
        List<DynamicTest> tests = new ArrayList<>();
        forEachOperation((service, shape, operation) ->
                shape.getTrait(HttpResponseTestsTrait.class)
                        .ifPresent(trait -> {
                            for (HttpResponseTestCase test : trait.getTestCases()) {
                                if (ours(test, service)) {
                                    tests.add(
                                            test(
                                                    "response " + test.getId(),
                                                    () -> encode(service, operation, test)));
                                }
                            }
                        }));
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> errorsAreEncoded() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ModelService service : SERVICES) {
            service.errors(MODEL)
                    .forEach(shape ->
                            shape.getTrait(HttpResponseTestsTrait.class)
                                    .ifPresent(trait -> {
                                        for (HttpResponseTestCase test : trait.getTestCases()) {
                                            if (ours(test, service)) {
                                                tests.add(
                                                        test(
                                                                "error " + test.getId(),
                                                                () -> error(service, shape, test)));
                                            }
                                        }
                                    }));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> malformedRequestsAreRefused() {
        List<DynamicTest> tests = new ArrayList<>();
        forEachOperation((service, shape, operation) ->
                shape.getTrait(HttpMalformedRequestTestsTrait.class)
                        .ifPresent(trait -> {
                            for (HttpMalformedRequestTestCase test : trait.getTestCases()) {
                                if (service.speaks(test.getProtocol())) {
                                    tests.add(
                                            test(
                                                    "malformed " + test.getId(),
                                                    () -> refuse(service, operation, test)));
                                }
                            }
                        }));
        return tests.stream();
    }

    @Test
    void theListOfSkipsNamesOnlyTestsThatExist() {
        Set<String> ids = new TreeSet<>();
        Stream.of(
                        requestsAreDecoded(),
                        responsesAreEncoded(),
                        errorsAreEncoded(),
                        malformedRequestsAreRefused())
                .flatMap(tests -> tests)
                .forEach(test -> ids.add(test.getDisplayName()));

        assertThat(ids).hasSizeGreaterThan(700).containsAll(SKIPS.ids());
    }

    private interface EachOperation {
        void accept(ModelService service, OperationShape shape, Operation operation);
    }

    private static void forEachOperation(EachOperation action) {
        for (ModelService service : SERVICES) {
            service.operations()
                    .forEach((name, shape) -> {
                        Operation operation =
                                Objects.requireNonNull(service.model().operation(name));
                        action.accept(service, shape, operation);
                    });
        }
    }

    private static boolean ours(HttpMessageTestCase test, ModelService service) {
        boolean client = test.getAppliesTo().filter(AppliesTo.CLIENT::equals).isPresent();
        return !client && service.speaks(test.getProtocol());
    }

    private static DynamicTest test(String id, Executable body) {
        return DynamicTest.dynamicTest(
                id,
                () -> {
                    if (!SKIPS.ids().contains(id)) {
                        named(id, body);
                        return;
                    }
                    try {
                        body.execute();
                    } catch (Throwable expected) {
                        return;
                    }
                    fail(id + " passes: take it off the list of skips");
                });
    }

    /// Reports know these tests only by number.
    private static void named(String id, Executable body) throws Throwable {
        try {
            body.execute();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(id + ": " + e.getMessage(), e);
        }
    }

    private static WireProtocol codec(ModelService service) {
        return Objects.requireNonNull(CODECS.get(service.protocol()));
    }

    private static void decode(
            ModelService service, Operation operation, HttpRequestTestCase test) {
        String type =
                test.getBodyMediaType().orElse(test.getHeaders().getOrDefault("Content-Type", ""));
        byte[] body = bytes(test.getBody().orElse(""), type);
        Request request =
                request(
                        test.getMethod(),
                        path(test),
                        test.getQueryParams(),
                        test.getHeaders(),
                        body);
        if (service.protocol() == Protocol.REST_JSON_1 || service.protocol() == Protocol.REST_XML) {
            assertThat(new Router(service.model()).find(request)).isSameAs(operation);
        }

        Structure decoded = codec(service).decode(service.model(), operation, request);

        assertThat(decoded).isEqualTo(NodeValues.structure(test.getParams(), operation.input()));
        assertThat(Validation.check(decoded)).isEmpty();
    }

    /// In path style: what the edge makes of a bucket in the host.
    private static String path(HttpRequestTestCase test) {
        String host = test.getResolvedHost().orElse("");
        return host.startsWith("mybucket.") ? "/mybucket" + test.getUri() : test.getUri();
    }

    private static byte[] bytes(String body, String mediaType) {
        return mediaType.equals("application/cbor")
                ? Base64.getDecoder().decode(body)
                : Blob.ofUtf8(body).bytes();
    }

    private static Request request(
            String method,
            String uri,
            List<String> query,
            Map<String, String> headers,
            byte[] body) {
        Headers.Builder all = Headers.builder();
        headers.forEach(all::add);
        int mark = uri.indexOf('?');
        List<String> parameters = new ArrayList<>(query);
        if (mark >= 0) {
            parameters.addFirst(uri.substring(mark + 1));
        }
        return new Request(
                method,
                mark < 0 ? uri : uri.substring(0, mark),
                String.join("&", parameters),
                all.build(),
                ByteStream.of(Blob.wrap(body)),
                "localhost",
                "127.0.0.1",
                false,
                "request-1");
    }

    private static void encode(
            ModelService service, Operation operation, HttpResponseTestCase test) {
        Structure output = NodeValues.structure(test.getParams(), operation.output());

        Response response = codec(service).encode(service.model(), operation, output, "foo-id");

        compare(response, test);
    }

    private static void error(ModelService service, Shape shape, HttpResponseTestCase test) {
        Structure body =
                NodeValues.structure(test.getParams(), service.schemas().schema(shape.getId()));
        String message =
                test.getParams()
                        .getStringMember("message")
                        .or(() -> test.getParams().getStringMember("Message"))
                        .map(node -> node.getValue())
                        .orElse(null);
        ServiceError error = new DynamicError(ModelSchemas.error(shape), message, body);

        compare(codec(service).encodeError(service.model(), error, "foo-id"), test);
    }

    private static void compare(Response response, HttpResponseTestCase test) {
        assertThat(response.status()).isEqualTo(test.getCode());
        test.getHeaders()
                .forEach((name, value) -> {
                    if (!name.equalsIgnoreCase("content-length")) {
                        assertThat(String.join(", ", response.headers().all(name)))
                                .as(name)
                                .isEqualTo(value);
                    }
                });
        test.getForbidHeaders()
                .forEach(name -> assertThat(response.headers().contains(name)).as(name).isFalse());
        test.getRequireHeaders().stream()
                .filter(name -> !name.toLowerCase(Locale.ROOT).equals("content-length"))
                .forEach(name -> assertThat(response.headers().contains(name)).as(name).isTrue());
        if (test.getBody().isEmpty()) {
            return;
        }
        byte[] body = read(response.body());
        String expected = test.getBody().get();
        String text = Blob.wrap(body).utf8();
        switch (test.getBodyMediaType().orElse("")) {
            case "application/json" ->
                    assertThat(BodyForms.json(text)).isEqualTo(BodyForms.json(expected));
            case "application/xml" ->
                    assertThat(BodyForms.xml(withoutMetadata(text)))
                            .isEqualTo(BodyForms.xml(withoutMetadata(expected)));
            case "application/cbor" ->
                    assertThat(CborForm.of(body))
                            .isEqualTo(CborForm.of(Base64.getDecoder().decode(expected)));
            default -> assertThat(text).isEqualTo(expected);
        }
    }

    /// AWS's answers in awsQuery have it, and errors have a namespace; the tests have neither.
    private static String withoutMetadata(String xml) {
        return xml.replaceFirst("<ResponseMetadata>.*</ResponseMetadata>", "")
                .replaceFirst("<ErrorResponse xmlns=\"[^\"]*\">", "<ErrorResponse>");
    }

    private static byte[] read(ByteStream body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.transferTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void refuse(
            ModelService service, Operation operation, HttpMalformedRequestTestCase test) {
        var sent = test.getRequest();
        Request request =
                request(
                        sent.getMethod(),
                        sent.getUri().orElse("/"),
                        sent.getQueryParams(),
                        sent.getHeaders(),
                        Blob.ofUtf8(sent.getBody().orElse("")).bytes());
        WireProtocol codec = codec(service);
        try {
            Structure input = codec.decode(service.model(), operation, request);
            List<Violation> wrong = Validation.check(input);
            if (wrong.isEmpty()) {
                throw new AssertionError("was accepted as " + input);
            }
            throw Objects.requireNonNull(
                    ConstraintPolicy.STANDARD.answer(wrong, operation, service.protocol()));
        } catch (ServiceError e) {
            Response response = codec.encodeError(service.model(), e, "foo-id");
            assertThat(response.status()).isEqualTo(test.getResponse().getCode());
            test.getResponse()
                    .getHeaders()
                    .forEach((name, value) ->
                            assertThat(response.headers().first(name)).as(name).isEqualTo(value));
        }
    }
}
