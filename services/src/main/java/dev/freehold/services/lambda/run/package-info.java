/// Runs functions: who may start ([Gate], [Budgets], [Lineage]), and how ([Invoker]).
@NullMarked
package dev.freehold.services.lambda.run;

import org.jspecify.annotations.NullMarked;
