package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.StreamSpecification;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.dynamodb.stream.StreamsService;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The real service over the store in memory, with a table `items`: partition key `p`, sort key
/// `s`.
final class DynamodbBench {
    final FakeClock clock = new FakeClock();
    final Store store = new MemoryStore();
    private final AtomicInteger ids = new AtomicInteger();
    final DynamodbService service =
            new DynamodbService(store, clock, () -> "id-" + ids.incrementAndGet());
    final StreamsService streams = new StreamsService(store, clock);

    final Caller caller =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    new Principal.Root("000000000000"),
                    "r-1",
                    Map.of(),
                    new Usage());

    static AttributeValue text(String value) {
        return new AttributeValue.OfS(value);
    }

    static AttributeValue number(long value) {
        return new AttributeValue.OfN(Long.toString(value));
    }

    static AttributeDefinition definition(String name, String type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    static KeySchemaElement key(String name, String type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    /// Makes the table, with a stream of all images.
    void createTable() {
        service.createTable(
                CreateTableRequest.builder()
                        .tableName("items")
                        .attributeDefinitions(List.of(definition("p", "S"), definition("s", "N")))
                        .keySchema(List.of(key("p", "HASH"), key("s", "RANGE")))
                        .billingMode("PAY_PER_REQUEST")
                        .streamSpecification(
                                StreamSpecification.builder()
                                        .streamEnabled(true)
                                        .streamViewType("NEW_AND_OLD_IMAGES")
                                        .build())
                        .build(),
                caller);
    }
}
