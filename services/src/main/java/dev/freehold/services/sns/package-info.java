/// SNS: topics, subscriptions, and what is published to them.
///
/// [SnsService] is the front with a method per operation; [SnsTables] has all rows; [Topics],
/// [Subscriptions] and [Publishing] do the work. Publishing writes, through [Fanout], a delivery
/// for each subscription that wants the message, in its own transaction: a crash loses neither, and
/// no caller waits for a subscriber. [SnsDeliveries] performs them later, by the schedules of
/// [DeliveryPolicies]; [Envelopes] has the documents that subscribers get and [Signer] the key that
/// signs them.
///
/// | table | key | value |
/// |---|---|---|
/// | `sns.topics` | account, region, name | attributes, tags |
/// | `sns.subscriptions` | topic, id | protocol, endpoint, attributes, whether it is confirmed |
/// | `sns.endpoints` | topic, protocol, endpoint | the subscription: an endpoint has one |
/// | `sns.tokens` | token | what it confirms, until when |
/// | `sns.duplicates`, `sns.expiries` | FIFO topic, deduplication id | what was published |
/// | `sns.sequences`, `sns.counts` | topic | numbers |
/// | `sns.signing` | | the key and its certificate |
///
/// Messages of a FIFO topic go to each queue in a lane for each message group: the next is
/// delivered when the one before is, or is dead. E-mail addresses can subscribe, and their
/// subscriptions stay pending: there is no mail to confirm them with. Phone numbers, mobile push
/// and Firehose are refused.
///
/// See <https://docs.aws.amazon.com/sns/latest/dg/welcome.html>.
@NullMarked
package dev.freehold.services.sns;

import org.jspecify.annotations.NullMarked;
