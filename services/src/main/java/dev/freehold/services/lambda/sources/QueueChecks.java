package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.sqs.GetQueueAttributesRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.run.RoleCallers;
import dev.freehold.services.lambda.state.FunctionId;
import java.util.List;
import java.util.Map;

/// Whether a function can be fed from a queue: the queue is there, the execution role may read it,
/// and it hides messages for as long as the function may run.
///
/// @param sqs as it is seen from outside: authorised
/// @param roles who reads the queue
public record QueueChecks(SqsApi sqs, RoleCallers roles) {
    private static final String VISIBILITY = "VisibilityTimeout";

    void check(Arn queue, FunctionId function, FunctionConfiguration configuration, Caller caller) {
        Caller role =
                roles.of(
                        String.valueOf(configuration.role()),
                        function.name(),
                        queue.region(),
                        caller.requestId());
        Map<String, String> attributes;
        try {
            attributes =
                    sqs.getQueueAttributes(
                                    GetQueueAttributesRequest.builder()
                                            .queueUrl(url(queue))
                                            .attributeNames(List.of(VISIBILITY))
                                            .build(),
                                    role)
                            .attributes();
        } catch (ServiceError e) {
            if (e.shape().status() == 403) {
                throw Errors.invalid(
                        "The function execution role does not have permissions to call"
                                + " ReceiveMessage on SQS");
            }
            throw Errors.invalid(
                    "Error occurred while ReceiveMessage. SQS Error Code: "
                            + e.shape().code()
                            + ". SQS Error Message: "
                            + e.getMessage());
        }
        String hidden = attributes == null ? null : attributes.get(VISIBILITY);
        int timeout = configuration.timeout() == null ? 3 : configuration.timeout();
        if (hidden != null && Integer.parseInt(hidden) < timeout) {
            throw Errors.invalid(
                    "Queue visibility timeout: "
                            + hidden
                            + " seconds is less than Function timeout: "
                            + timeout
                            + " seconds");
        }
    }

    static String url(Arn queue) {
        return "http://localhost/" + queue.account() + "/" + queue.resource();
    }
}
