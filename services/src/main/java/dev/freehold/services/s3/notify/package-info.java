/// Event notifications: which changes of objects are told to whom, and in which words.
///
/// A notification is written as a delivery in the transaction of the change, so that a crash loses
/// neither, and a change that fails tells nobody.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html>.
@NullMarked
package dev.freehold.services.s3.notify;

import org.jspecify.annotations.NullMarked;
