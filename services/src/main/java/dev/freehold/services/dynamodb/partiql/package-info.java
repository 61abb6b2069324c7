/// PartiQL for DynamoDB: SELECT, INSERT, UPDATE, DELETE on items.
///
/// [PartiqlParser] reads a statement to a [Statement], whose conditions and updates are those of
/// [dev.freehold.services.dynamodb.expression]; [Statements] runs it as the query, scan or write that it
/// comes to.
///
/// See <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>.
@NullMarked
package dev.freehold.services.dynamodb.partiql;

import org.jspecify.annotations.NullMarked;
