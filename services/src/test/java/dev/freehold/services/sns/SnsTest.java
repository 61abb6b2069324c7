package dev.freehold.services.sns;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.sns.ConfirmSubscriptionRequest;
import dev.freehold.api.sns.CreateTopicRequest;
import dev.freehold.api.sns.PublishRequest;
import dev.freehold.api.sns.SubscribeRequest;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SendMessageResponse;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.services.json.Json;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.memory.MemoryStore;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SnsTest implements Deliveries, SqsApi {
    private static final Caller ALICE =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    new Principal.Root("000000000000"),
                    "request",
                    Map.of(),
                    new Usage());
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private final FakeClock clock = new FakeClock();
    private final Store store = new MemoryStore();
    private final Signer signer = new Signer(store, clock);
    private final SnsService sns =
            new SnsService(store, this, clock, () -> UUID.randomUUID().toString());
    private final Dispatcher dispatcher =
            new Dispatcher(
                    store,
                    clock,
                    Runnable::run,
                    new SnsDeliveries(store, this, signer, this, function(), "http://here")
                            .handlers(),
                    (delivery, reason) -> {});
    private final List<SendMessageRequest> sent = new ArrayList<>();
    private final List<String> invoked = new ArrayList<>();
    private final List<Map<String, String>> facts = new ArrayList<>();
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;
    private volatile int status = 200;

    private LambdaApi function() {
        return new LambdaApi() {
            @Override
            public InvokeResponse invoke(InvokeRequest request, Caller caller) {
                invoked.add(requireNonNull(request.payload()).utf8());
                facts.add(caller.facts());
                return InvokeResponse.builder().statusCode(202).build();
            }
        };
    }

    @Override
    public void enqueue(Transaction tx, Delivery delivery, Instant due) {
        dispatcher.enqueue(tx, delivery, due);
    }

    @Override
    public void wake() {}

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request, Caller caller) {
        assertThat(caller.principal().arn()).isEqualTo("sns.amazonaws.com");
        assertThat(caller.facts()).containsKey("aws:SourceArn");
        sent.add(request);
        return SendMessageResponse.builder().build();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private String topic(String name, Map<String, String> attributes) {
        return requireNonNull(
                sns.createTopic(
                                CreateTopicRequest.builder()
                                        .name(name)
                                        .attributes(attributes)
                                        .build(),
                                ALICE)
                        .topicArn());
    }

    private String subscribe(
            String topic, String protocol, String endpoint, Map<String, String> attributes) {
        return requireNonNull(
                sns.subscribe(
                                SubscribeRequest.builder()
                                        .topicArn(topic)
                                        .protocol(protocol)
                                        .endpoint(endpoint)
                                        .attributes(attributes)
                                        .returnSubscriptionArn(true)
                                        .build(),
                                ALICE)
                        .subscriptionArn());
    }

    private void publish(String topic, String message) {
        sns.publish(PublishRequest.builder().topicArn(topic).message(message).build(), ALICE);
        dispatcher.dispatchDue();
    }

    private String endpoint() throws Exception {
        HttpServer made =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.createContext(
                "/",
                exchange -> {
                    posted.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        made.start();
        server = made;
        return "http://127.0.0.1:" + made.getAddress().getPort() + "/";
    }

    @Test
    void aMessageGoesToWhoeverWantsItSigned() throws Exception {
        String topic = topic("t", Map.of("SignatureVersion", "2"));
        subscribe(topic, "sqs", QUEUE, Map.of());
        subscribe(topic, "sqs", QUEUE + "2", Map.of("FilterPolicy", "{\"k\":[\"v\"]}"));

        publish(topic, "hello");

        assertThat(sent).hasSize(1);
        Map<String, @Nullable Object> envelope = Json.readObject(sent.getFirst().messageBody());
        assertThat(envelope).containsEntry("SignatureVersion", "2");
        verify(envelope, "SigningCertURL", topic);
    }

    @Test
    void functionsAreToldVersionOneOfWhatIsSignedByTheTopics() throws Exception {
        String topic = topic("t", Map.of("SignatureVersion", "2"));
        subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", Map.of());

        publish(topic, "hello");

        List<?> records = (List<?>) Json.readObject(invoked.getFirst()).get("Records");
        Map<?, ?> one = (Map<?, ?>) requireNonNull(requireNonNull(records).getFirst());
        @SuppressWarnings("unchecked")
        Map<String, @Nullable Object> message = (Map<String, @Nullable Object>) one.get("Sns");
        assertThat(message).containsEntry("SignatureVersion", "1");
        verify(requireNonNull(message), "SigningCertUrl", topic);
    }

    @Test
    void aFunctionIsToldWithThePublishersTrace() {
        String topic = topic("t", Map.of());
        subscribe(topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", Map.of());

        publish(topic, "without");
        sns.publish(
                PublishRequest.builder().topicArn(topic).message("with").build(),
                ALICE.withFact(Caller.TRACE_HEADER, "Root=1"));
        dispatcher.dispatchDue();

        assertThat(facts.getFirst()).doesNotContainKey(Caller.TRACE_HEADER);
        assertThat(facts.getLast()).containsEntry(Caller.TRACE_HEADER, "Root=1");
    }

    private void verify(
            Map<String, @Nullable Object> envelope, String certificateName, String topic)
            throws Exception {
        String signed =
                "Message\nhello\nMessageId\n"
                        + envelope.get("MessageId")
                        + "\nTimestamp\n"
                        + envelope.get("Timestamp")
                        + "\nTopicArn\n"
                        + topic
                        + "\nType\nNotification\n";
        String url = String.valueOf(envelope.get(certificateName));
        String pem = String.valueOf(signer.certificate(url.substring("http://here".length())));
        Certificate certificate =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        certificate.verify(certificate.getPublicKey());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(certificate);
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        assertThat(
                        signature.verify(
                                Base64.getDecoder()
                                        .decode(String.valueOf(envelope.get("Signature")))))
                .isTrue();
    }

    @Test
    void anHttpEndpointConfirmsWithItsTokenBeforeItGetsMessages() throws Exception {
        String topic = topic("t", Map.of());
        subscribe(topic, "http", endpoint(), Map.of("RawMessageDelivery", "true"));
        publish(topic, "too early");
        Map<String, @Nullable Object> confirmation = Json.readObject(posted.getFirst());
        assertThat(confirmation).containsEntry("Type", "SubscriptionConfirmation");

        sns.confirmSubscription(
                ConfirmSubscriptionRequest.builder()
                        .topicArn(topic)
                        .token(String.valueOf(confirmation.get("Token")))
                        .build(),
                ALICE);
        publish(topic, "hello");

        assertThat(posted).hasSize(2).last().isEqualTo("hello");
    }

    @Test
    void anEndpointThatFailsIsTriedByItsScheduleAndThenTheQueueGetsTheMessage() throws Exception {
        String topic = topic("t", Map.of());
        String dead = "{\"deadLetterTargetArn\":\"" + QUEUE + "\"}";
        subscribe(
                topic,
                "http",
                endpoint(),
                Map.of("RawMessageDelivery", "true", "RedrivePolicy", dead));
        dispatcher.dispatchDue();
        sns.confirmSubscription(
                ConfirmSubscriptionRequest.builder()
                        .topicArn(topic)
                        .token(String.valueOf(Json.readObject(posted.getFirst()).get("Token")))
                        .build(),
                ALICE);
        posted.clear();
        status = 503;

        publish(topic, "hello");
        for (int i = 0; i < 3; i++) {
            assertThat(sent).isEmpty();
            clock.advance(Duration.ofSeconds(20));
            dispatcher.dispatchDue();
        }

        assertThat(posted).containsExactly("hello", "hello", "hello", "hello");
        assertThat(sent).extracting(SendMessageRequest::messageBody).containsExactly("hello");
    }

    @Test
    void aFifoTopicTakesAMessageOnceAndKeepsTheOrder() {
        String topic =
                topic("t.fifo", Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
        subscribe(topic, "sqs", QUEUE + ".fifo", Map.of("RawMessageDelivery", "true"));
        for (String message : List.of("a", "b", "a", "c")) {
            sns.publish(
                    PublishRequest.builder()
                            .topicArn(topic)
                            .message(message)
                            .messageGroupId("g")
                            .build(),
                    ALICE);
        }

        for (int i = 0; i < 5; i++) {
            dispatcher.dispatchDue();
        }

        assertThat(sent).extracting(SendMessageRequest::messageBody).containsExactly("a", "b", "c");
    }

    @Test
    void manySubscriptionsAreToldInPages() {
        String topic = topic("t", Map.of());
        for (int i = 0; i < 450; i++) {
            subscribe(topic, "sqs", QUEUE + i, Map.of());
        }

        publish(topic, "hello");
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(1));
            dispatcher.dispatchDue();
        }

        assertThat(sent)
                .extracting(SendMessageRequest::queueUrl)
                .hasSize(450)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsWrongIsSaidInAwsWords() {
        String topic = topic("t", Map.of());

        assertThatThrownBy(() -> publish(topic, "")).hasMessage("Invalid parameter: Empty message");
        assertThatThrownBy(() -> subscribe(topic, "carrier-pigeon", "x", Map.of()))
                .hasMessage(
                        "Invalid parameter: Amazon SNS does not support this protocol string:"
                                + " carrier-pigeon");
        assertThatThrownBy(() -> subscribe(topic, "sms", "+15551234567", Map.of()))
                .hasMessageContaining("not implemented");
    }
}
