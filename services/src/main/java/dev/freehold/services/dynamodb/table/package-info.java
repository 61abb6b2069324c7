/// Tables: their definitions and settings, and all rows of DynamoDB.
///
/// [DynamodbTables] has every key layout. [TableRow] is what is stored of a table; [TableSchema] is
/// the same read for use: keys, indexes, stream, time to live. [Catalog] finds it inside the
/// transaction that uses it, and keeps read schemas by version, so that no request parses a
/// definition twice. [Definitions] and [TableUpdates] are the rules of CreateTable and UpdateTable,
/// [TableOperations] the operations.
@NullMarked
package dev.freehold.services.dynamodb.table;

import org.jspecify.annotations.NullMarked;
