/// CloudWatch Logs: groups, streams, events.
///
/// [LogsService] is the front; [LogsTables] the rows; [FilterPattern] what a filter matches.
@NullMarked
package dev.freehold.services.logs;

import org.jspecify.annotations.NullMarked;
