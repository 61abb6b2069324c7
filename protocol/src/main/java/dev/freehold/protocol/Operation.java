package dev.freehold.protocol;

import java.util.List;
import java.util.function.Supplier;

/// One operation of a service's model. Generated; the schemas resolve on first use, so that a start
/// does not load the shapes of operations that nobody calls.
public final class Operation {
    /// What an operation demands of a request's signature.
    public enum Auth {
        SIGV4,
        /// Signed, but the payload need not be hashed.
        SIGV4_UNSIGNED_BODY,
        /// Open to anyone, signed or not.
        NONE
    }

    private final int index;
    private final String name;
    private final HttpBinding http;
    private final Auth auth;
    private final Supplier<Schema> input;
    private final Supplier<Schema> output;
    private final Supplier<List<ErrorShape>> errors;
    private final boolean checksumRequired;

    public Operation(
            int index,
            String name,
            HttpBinding http,
            Auth auth,
            boolean checksumRequired,
            Supplier<Schema> input,
            Supplier<Schema> output,
            Supplier<List<ErrorShape>> errors) {
        this.index = index;
        this.name = name;
        this.http = http;
        this.auth = auth;
        this.checksumRequired = checksumRequired;
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    /// The operation's index in its [ServiceModel#operations()].
    public int index() {
        return index;
    }

    /// The operation's name, as in the model: `SendMessage`.
    public String name() {
        return name;
    }

    public HttpBinding http() {
        return http;
    }

    public Auth auth() {
        return auth;
    }

    /// Whether a request must carry a checksum of its body (S3's DeleteObjects and others).
    public boolean checksumRequired() {
        return checksumRequired;
    }

    public Schema input() {
        return input.get();
    }

    public Schema output() {
        return output.get();
    }

    /// Whether the model gives it an output at all; one without has an empty structure.
    public boolean hasOutput() {
        return !output().name().equals(Schema.UNIT);
    }

    /// The errors that the model declares for it.
    public List<ErrorShape> errors() {
        return errors.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
