/// The expression language: conditions, updates, projections, key conditions, and the older
/// parameters that say the same without one.
///
/// A request's expressions share their [Placeholders]. [Tokens] cuts a text into tokens and reads
/// what all expressions have: paths, names, values. [ConditionParser], [UpdateParser] and
/// [ProjectionParser] read the three grammars. A text can break several rules at once, and AWS
/// names one in a fixed order whatever stands first: [Faults]. What was read are records that
/// evaluate themselves: [Condition], [Operand], [Update]. [Legacy] turns the older parameters into
/// the same records, so that there is one way to evaluate.
///
/// Pure: no store, no clock.
@NullMarked
package dev.freehold.services.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
