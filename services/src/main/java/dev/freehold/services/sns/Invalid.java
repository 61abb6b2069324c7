package dev.freehold.services.sns;

import dev.freehold.api.sns.InvalidParameterException;
import dev.freehold.api.sns.NotFoundException;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.TopicKey;
import org.jspecify.annotations.Nullable;

/// SNS's words for what is wrong, and the checks of names that most operations share.
final class Invalid {
    private Invalid() {}

    static InvalidParameterException parameter(String what) {
        return new InvalidParameterException("Invalid parameter: " + what);
    }

    static NotFoundException noTopic() {
        return new NotFoundException("Topic does not exist");
    }

    static NotFoundException noSubscription() {
        return new NotFoundException("Subscription does not exist");
    }

    /// The ARN of a parameter.
    static Arn arn(@Nullable String text, String parameter) {
        if (text == null) {
            throw parameter(parameter + " Reason: no value for required parameter");
        }
        int elements = text.split(":", -1).length;
        if (elements < 6) {
            throw parameter(
                    parameter + " Reason: An ARN must have at least 6 elements, not " + elements);
        }
        Arn arn = Arn.parse(text);
        if (arn == null || !arn.service().equals("sns")) {
            throw parameter(parameter);
        }
        return arn;
    }

    /// The key of a topic's ARN; topics of other regions are not reached from here.
    static TopicKey topic(@Nullable String text, String parameter, Caller caller) {
        Arn arn = arn(text, parameter);
        boolean here = arn.region().equals(caller.region());
        if (!here || arn.resource().isEmpty() || arn.resource().contains(":")) {
            throw parameter(parameter);
        }
        return TopicKey.of(arn);
    }

    static TopicKey topic(@Nullable String text, Caller caller) {
        return topic(text, "TopicArn", caller);
    }

    static SubscriptionKey subscription(@Nullable String text, Caller caller) {
        Arn arn = arn(text, "SubscriptionArn");
        SubscriptionKey key = SubscriptionKey.parse(arn.toString());
        if (key == null) {
            throw parameter("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1");
        }
        if (!key.topic().region().equals(caller.region())) {
            throw parameter("SubscriptionArn");
        }
        if (!key.id().matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw parameter("SubscriptionId");
        }
        return key;
    }
}
