package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.*;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.item.Backfill;
import dev.freehold.services.dynamodb.item.Batches;
import dev.freehold.services.dynamodb.item.Expiry;
import dev.freehold.services.dynamodb.item.ItemOperations;
import dev.freehold.services.dynamodb.item.Items;
import dev.freehold.services.dynamodb.item.Queries;
import dev.freehold.services.dynamodb.item.Transactions;
import dev.freehold.services.dynamodb.item.Writer;
import dev.freehold.services.dynamodb.partiql.Statements;
import dev.freehold.services.dynamodb.stream.Sequencer;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.SettingOperations;
import dev.freehold.services.dynamodb.table.TableOperations;
import dev.freehold.storage.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/// The front of DynamoDB: a method per operation.
public final class DynamodbService implements DynamodbApi {
    private static final int CACHE_MINUTES = 1440;
    private static final long ACCOUNT_UNITS = 80_000;
    private static final long TABLE_UNITS = 40_000;

    private final TableOperations tables;
    private final SettingOperations settings;
    private final ItemOperations items;
    private final Queries queries;
    private final Batches batches;
    private final Transactions transactions;
    private final Statements statements;
    private final Backfill backfill;
    private final Expiry expiry;
    private final Sequencer sequencer;

    /// @param ids makes UUIDs
    public DynamodbService(Store store, InstantSource clock, Supplier<String> ids) {
        Catalog catalog = new Catalog();
        Items rows = new Items(clock);
        Writer writer = new Writer(catalog, rows);
        this.tables = new TableOperations(store, catalog, clock, ids);
        this.settings = new SettingOperations(store, catalog, ids);
        this.items = new ItemOperations(store, catalog, writer);
        this.queries = new Queries(store, catalog);
        this.batches = new Batches(store, catalog, writer);
        this.transactions = new Transactions(store, catalog, writer, clock);
        this.statements = new Statements(store, catalog, writer, transactions);
        this.backfill = new Backfill(store, catalog);
        this.expiry = new Expiry(store, catalog, rows);
        this.sequencer = new Sequencer(store);
    }

    /// Fills indexes that were made later. Call it often: clients wait for it.
    public void fill() {
        backfill.sweep();
    }

    /// Removes what is over: items by their time to live, stream records after a day, tokens.
    public void sweep(Instant now) {
        expiry.sweep(now);
        sequencer.sweep(now);
    }

    @Override
    public BatchExecuteStatementResponse batchExecuteStatement(
            BatchExecuteStatementRequest in, Caller caller) {
        return statements.batchExecuteStatement(in, caller);
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest in, Caller caller) {
        return batches.batchGetItem(in, caller);
    }

    @Override
    public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest in, Caller caller) {
        return batches.batchWriteItem(in, caller);
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest in, Caller caller) {
        return tables.createTable(in, caller);
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest in, Caller caller) {
        return items.deleteItem(in, caller);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(
            DeleteResourcePolicyRequest in, Caller caller) {
        return settings.deleteResourcePolicy(in, caller);
    }

    @Override
    public DeleteTableResponse deleteTable(DeleteTableRequest in, Caller caller) {
        return tables.deleteTable(in, caller);
    }

    @Override
    public DescribeContinuousBackupsResponse describeContinuousBackups(
            DescribeContinuousBackupsRequest in, Caller caller) {
        return settings.describeContinuousBackups(in, caller);
    }

    @Override
    public DescribeEndpointsResponse describeEndpoints(DescribeEndpointsRequest in, Caller caller) {
        return DescribeEndpointsResponse.builder()
                .endpoints(
                        List.of(
                                Endpoint.builder()
                                        .address("dynamodb." + caller.region() + ".amazonaws.com")
                                        .cachePeriodInMinutes((long) CACHE_MINUTES)
                                        .build()))
                .build();
    }

    @Override
    public DescribeLimitsResponse describeLimits(DescribeLimitsRequest in, Caller caller) {
        return DescribeLimitsResponse.builder()
                .accountMaxReadCapacityUnits(ACCOUNT_UNITS)
                .accountMaxWriteCapacityUnits(ACCOUNT_UNITS)
                .tableMaxReadCapacityUnits(TABLE_UNITS)
                .tableMaxWriteCapacityUnits(TABLE_UNITS)
                .build();
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest in, Caller caller) {
        return tables.describeTable(in, caller);
    }

    @Override
    public DescribeTimeToLiveResponse describeTimeToLive(
            DescribeTimeToLiveRequest in, Caller caller) {
        return settings.describeTimeToLive(in, caller);
    }

    @Override
    public ExecuteStatementResponse executeStatement(ExecuteStatementRequest in, Caller caller) {
        return statements.executeStatement(in, caller);
    }

    @Override
    public ExecuteTransactionResponse executeTransaction(
            ExecuteTransactionRequest in, Caller caller) {
        return statements.executeTransaction(in, caller);
    }

    @Override
    public GetItemResponse getItem(GetItemRequest in, Caller caller) {
        return items.getItem(in, caller);
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest in, Caller caller) {
        return settings.getResourcePolicy(in, caller);
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest in, Caller caller) {
        return tables.listTables(in, caller);
    }

    @Override
    public ListTagsOfResourceResponse listTagsOfResource(
            ListTagsOfResourceRequest in, Caller caller) {
        return settings.listTagsOfResource(in, caller);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest in, Caller caller) {
        return items.putItem(in, caller);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest in, Caller caller) {
        return settings.putResourcePolicy(in, caller);
    }

    @Override
    public QueryResponse query(QueryRequest in, Caller caller) {
        return queries.query(in, caller);
    }

    @Override
    public ScanResponse scan(ScanRequest in, Caller caller) {
        return queries.scan(in, caller);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        return settings.tagResource(in, caller);
    }

    @Override
    public TransactGetItemsResponse transactGetItems(TransactGetItemsRequest in, Caller caller) {
        return transactions.transactGetItems(in, caller);
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(
            TransactWriteItemsRequest in, Caller caller) {
        return transactions.transactWriteItems(in, caller);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        return settings.untagResource(in, caller);
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest in, Caller caller) {
        return items.updateItem(in, caller);
    }

    @Override
    public UpdateTableResponse updateTable(UpdateTableRequest in, Caller caller) {
        return tables.updateTable(in, caller);
    }

    @Override
    public UpdateTimeToLiveResponse updateTimeToLive(UpdateTimeToLiveRequest in, Caller caller) {
        return settings.updateTimeToLive(in, caller);
    }
}
