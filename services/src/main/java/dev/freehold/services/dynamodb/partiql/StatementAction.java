package dev.freehold.services.dynamodb.partiql;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.dynamodb.item.Queries;
import dev.freehold.services.dynamodb.table.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement does, as policies name it.
///
/// See <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html>.
public final class StatementAction {
    private final Statement statement;

    private StatementAction(Statement statement) {
        this.statement = statement;
    }

    /// @return null when it is no statement, which its operation will say
    public static @Nullable StatementAction of(
            String statement, @Nullable List<AttributeValue> parameters) {
        try {
            return new StatementAction(PartiqlParser.parse(statement, parameters));
        } catch (ServiceError e) {
            return null;
        }
    }

    /// The IAM action.
    public String action() {
        return switch (statement) {
            case Statement.Select _, Statement.Exists _ -> "dynamodb:PartiQLSelect";
            case Statement.Insert _ -> "dynamodb:PartiQLInsert";
            case Statement.Change _ -> "dynamodb:PartiQLUpdate";
            case Statement.Delete _ -> "dynamodb:PartiQLDelete";
        };
    }

    /// The name or ARN of the table.
    public String table() {
        return statement.table();
    }

    public @Nullable String index() {
        return statement instanceof Statement.Select select ? select.index() : null;
    }

    /// Whether it reads a whole table or index: what `dynamodb:FullTableScan` tells.
    public boolean scans(TableSchema table) {
        if (!(statement instanceof Statement.Select select)) {
            return false;
        }
        try {
            TableSchema.Key key = Queries.keyOf(table, select.index());
            return !KeyParts.of(select.where(), key).namesPartition(key);
        } catch (ServiceError e) {
            return true;
        }
    }
}
