/// Budgets: limits to what a function, or all functions of an account, may use in a period.
///
/// A function's are its tag [Budget#TAG]; an account's are set by `freehold budget set`
/// ([AccountBudgets], [BudgetPage]). [Budgets] counts in memory, refuses in the admission gate the
/// invocation that would pass one, and writes what was spent every second.
@NullMarked
package dev.freehold.services.lambda.budgets;

import org.jspecify.annotations.NullMarked;
