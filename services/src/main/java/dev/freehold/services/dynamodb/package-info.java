/// DynamoDB and its streams.
///
/// [DynamodbService] is the front, a method per operation; [ModelChecks] stands before it and says
/// what is wrong with a request in DynamoDB's words. Below: `value` (values, numbers, sizes, bytes
/// of keys), `expression` (the grammars and what they evaluate to, the older parameters too),
/// `table` (definitions, settings, all rows), `item` (reads, writes, queries, batches,
/// transactions, filling of indexes, expiry), `stream`, `partiql`.
///
/// | table | key | value |
/// |---|---|---|
/// | 100 tables | account, region, name | definition, settings, numbers of indexes |
/// | 101 items | table, place, partition key, sort key | the item, or its first part |
/// | 102 parts | the item's key, number | the rest of items over 60 KB |
/// | 103 indexes | table, index, counts, place, index key, item place, item key | nothing |
/// | 104, 105 | table, index (0: the table) | items, bytes |
/// | 106 numbers | `last` | the last number of a table or stream |
/// | 107 versions | account, region, name | changes with each change of the definition |
/// | 110 streams | account, region, table, label | the stream |
/// | 111 pending | stream, stamp, part | a record as it was written |
/// | 112 records | stream, sequence number, part | the record |
/// | 113 sequences | stream | the last sequence number |
/// | 114 due | second, item's key | nothing: items by expiry |
/// | 115 backfills | table, index (0: expiries) | how far it came |
/// | 116, 118 | account, region, token; time, token | transactions that were done |
/// | 117 numbered | table's number | the table |
///
/// Invariants: an item, its index entries, its expiry, its stream record and the counts change in
/// one transaction. A write reads its table's version, so that none commits by a definition that
/// has changed. An index entry holds no attributes: the item is read and projected, so that it
/// can't differ.
///
/// Where AWS surprises: a place is the beginning of an MD5 of the partition key, which is the order
/// that scans show and by which segments divide; what is wrong with a request is named in a fixed
/// order ([dev.freehold.services.dynamodb.expression]); a table's name has its own rules although
/// the model only knows ARNs. A new table can be used at once and is described as active at once;
/// only the answer to CreateTable says `CREATING`.
@NullMarked
package dev.freehold.services.dynamodb;

import org.jspecify.annotations.NullMarked;
