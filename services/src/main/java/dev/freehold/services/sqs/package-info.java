/// SQS: standard queues.
///
/// [SqsService] is the front with a method per operation; [SqsTables] has all rows; [Attributes]
/// says what a queue's attributes may be; [Messages] sends, receives and deletes.
@NullMarked
package dev.freehold.services.sqs;

import org.jspecify.annotations.NullMarked;
