package dev.freehold.services.dynamodb.expression;

import dev.freehold.services.dynamodb.expression.Faults.Fault;
import java.util.ArrayList;
import java.util.List;

/// Reads projections: paths with commas between them.
public final class ProjectionParser {
    private static final List<Fault> ORDER =
            List.of(
                    Fault.RESERVED,
                    Fault.UNDEFINED_NAME,
                    Fault.NESTING,
                    Fault.OVERLAP,
                    Fault.CONFLICT);

    private static final Tokens.Grammar GRAMMAR =
            new Tokens.Grammar("ProjectionExpression", java.util.Set.of(), true);

    private ProjectionParser() {}

    /// The paths of a projection.
    ///
    /// @throws dev.freehold.protocol.CommonError when it is none
    public static List<Path> parse(String text, Placeholders placeholders) {
        Tokens tokens = new Tokens(GRAMMAR, text, placeholders);
        List<Path> paths = new ArrayList<>();
        do {
            paths.add(tokens.path());
        } while (tokens.take(","));
        tokens.expectEnd();
        tokens.checkOverlaps(paths);
        tokens.check(ORDER);
        return paths;
    }
}
