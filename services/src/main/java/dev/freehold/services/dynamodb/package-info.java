/// DynamoDB: tables, items, indexes, expressions.
///
/// [DynamodbService] is the front with a method per operation; [DynamodbTables] has all rows;
/// [Items] reads and writes items with their index entries; [ExpressionParser] and [Conditions] are
/// the expression language; [KeyBytes] orders keys.
@NullMarked
package dev.freehold.services.dynamodb;

import org.jspecify.annotations.NullMarked;
