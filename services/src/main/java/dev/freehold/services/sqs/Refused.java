package dev.freehold.services.sqs;

import dev.freehold.api.sqs.QueueDoesNotExist;
import dev.freehold.protocol.ErrorShape;
import dev.freehold.protocol.ServiceError;

/// SQS's errors of parameters, which the model does not name. JSON clients see another name than
/// query clients.
final class Refused extends ServiceError {
    private static final long serialVersionUID = 1L;

    private Refused(ErrorShape shape, String message) {
        super(shape, message);
    }

    static Refused value(String message) {
        return new Refused(
                new ErrorShape("InvalidParameterValueException", "InvalidParameterValue", 400),
                message);
    }

    static Refused value(Object value, String parameter, String reason) {
        return value(
                "Value "
                        + value
                        + " for parameter "
                        + parameter
                        + " is invalid. Reason: "
                        + reason);
    }

    static Refused missing(String parameter) {
        return new Refused(
                new ErrorShape("MissingRequiredParameterException", "MissingParameter", 400),
                "The request must contain the parameter " + parameter + ".");
    }

    static Refused noResource(String message) {
        return new Refused(new ErrorShape("ResourceNotFoundException", 404), message);
    }

    static QueueDoesNotExist noQueue() {
        return new QueueDoesNotExist("The specified queue does not exist.");
    }
}
