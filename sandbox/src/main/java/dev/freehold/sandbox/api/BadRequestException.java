package dev.freehold.sandbox.api;

import java.io.IOException;

/// What came is not HTTP/1.1, or is more than is taken. The connection can't be used any more.
final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
