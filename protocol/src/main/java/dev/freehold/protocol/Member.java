package dev.freehold.protocol;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One member of a structure, union, list or map, with its wire facts.
///
/// Immutable; the `with…` and flag methods return changed copies, so that generated code reads as a
/// sentence: `Member.of(0, "QueueUrl", () -> QUEUE_URL).asRequired()`.
public final class Member {
    /// Where a member travels in an HTTP binding. `BODY` is the rule, the others restJson1's and
    /// restXml's.
    public enum Location {
        BODY,
        HEADER,
        /// All headers with the prefix [Member#wireName()].
        PREFIX_HEADERS,
        LABEL,
        QUERY,
        /// All query parameters, those that other members bind too.
        QUERY_PARAMS,
        STATUS_CODE,
        /// The member is the whole body.
        PAYLOAD
    }

    /// How a timestamp is written.
    public enum TimestampFormat {
        EPOCH_SECONDS,
        DATE_TIME,
        HTTP_DATE
    }

    private final int index;
    private final String name;
    private final Supplier<Schema> supplier;
    private @Nullable Schema target;
    private Location location = Location.BODY;
    private String wireName;
    private @Nullable String queryName;
    private @Nullable String xmlNamespace;
    private @Nullable String xmlNamespacePrefix;
    private @Nullable TimestampFormat timestampFormat;
    private boolean required;
    private boolean flattened;
    private boolean attribute;
    private boolean streaming;
    private boolean eventStream;
    private boolean idempotencyToken;
    private boolean sensitive;
    private boolean hostLabel;
    private boolean jsonValue;

    private Member(int index, String name, Supplier<Schema> supplier) {
        this.index = index;
        this.name = Objects.requireNonNull(name);
        this.wireName = name;
        this.supplier = Objects.requireNonNull(supplier);
    }

    /// A member in the body under its model name.
    public static Member of(int index, String name, Supplier<Schema> target) {
        return new Member(index, name, target);
    }

    /// A member in the body under its model name, of a schema that is known already.
    public static Member of(int index, String name, Schema target) {
        Member member = new Member(index, name, () -> target);
        member.target = target;
        return member;
    }

    /// Bound to a place of the HTTP message, under that name (of the header, prefix, label, ...).
    public Member at(Location place, String name) {
        Member copy = copy();
        copy.location = place;
        copy.wireName = name;
        return copy;
    }

    /// Under another name in bodies: `locationName` of JSON and XML.
    public Member named(String name) {
        Member copy = copy();
        copy.wireName = name;
        return copy;
    }

    /// Under another name in ec2Query and awsQuery requests.
    public Member inQueryNamed(String name) {
        Member copy = copy();
        copy.queryName = name;
        return copy;
    }

    public Member withXmlNamespace(String uri, @Nullable String prefix) {
        Member copy = copy();
        copy.xmlNamespace = uri;
        copy.xmlNamespacePrefix = prefix;
        return copy;
    }

    public Member withTimestampFormat(TimestampFormat format) {
        Member copy = copy();
        copy.timestampFormat = format;
        return copy;
    }

    public Member asRequired() {
        Member copy = copy();
        copy.required = true;
        return copy;
    }

    /// A list or map without a wrapping XML element.
    public Member asFlattened() {
        Member copy = copy();
        copy.flattened = true;
        return copy;
    }

    public Member asXmlAttribute() {
        Member copy = copy();
        copy.attribute = true;
        return copy;
    }

    /// A blob that passes as a [ByteStream].
    public Member asStreaming() {
        Member copy = copy();
        copy.streaming = true;
        return copy;
    }

    public Member asEventStream() {
        Member copy = copy();
        copy.eventStream = true;
        return copy;
    }

    public Member asIdempotencyToken() {
        Member copy = copy();
        copy.idempotencyToken = true;
        return copy;
    }

    /// Never logged, never echoed in an error.
    public Member asSensitive() {
        Member copy = copy();
        copy.sensitive = true;
        return copy;
    }

    public Member asHostLabel() {
        Member copy = copy();
        copy.hostLabel = true;
        return copy;
    }

    /// A string that holds JSON, base64-encoded in a header.
    public Member asJsonValue() {
        Member copy = copy();
        copy.jsonValue = true;
        return copy;
    }

    private Member copy() {
        Member copy = new Member(index, name, supplier);
        copy.target = target;
        copy.location = location;
        copy.wireName = wireName;
        copy.queryName = queryName;
        copy.xmlNamespace = xmlNamespace;
        copy.xmlNamespacePrefix = xmlNamespacePrefix;
        copy.timestampFormat = timestampFormat;
        copy.required = required;
        copy.flattened = flattened;
        copy.attribute = attribute;
        copy.streaming = streaming;
        copy.eventStream = eventStream;
        copy.idempotencyToken = idempotencyToken;
        copy.sensitive = sensitive;
        copy.hostLabel = hostLabel;
        copy.jsonValue = jsonValue;
        return copy;
    }

    public int index() {
        return index;
    }

    /// The name in the model, which error messages use.
    public String name() {
        return name;
    }

    /// The shape of the value. A race resolves it twice to the same object, harmlessly.
    public Schema target() {
        Schema resolved = target;
        if (resolved == null) {
            resolved = supplier.get();
            target = resolved;
        }
        return resolved;
    }

    public Location location() {
        return location;
    }

    /// The name on the wire: of the JSON key, XML element, header, prefix, label or parameter.
    public String wireName() {
        return wireName;
    }

    public @Nullable String queryName() {
        return queryName;
    }

    public @Nullable String xmlNamespace() {
        return xmlNamespace;
    }

    public @Nullable String xmlNamespacePrefix() {
        return xmlNamespacePrefix;
    }

    /// The format that the model sets for this member or its shape, or null for the protocol's own.
    public @Nullable TimestampFormat timestampFormat() {
        return timestampFormat;
    }

    public boolean required() {
        return required;
    }

    public boolean flattened() {
        return flattened;
    }

    public boolean xmlAttribute() {
        return attribute;
    }

    public boolean streaming() {
        return streaming;
    }

    public boolean eventStream() {
        return eventStream;
    }

    public boolean idempotencyToken() {
        return idempotencyToken;
    }

    public boolean sensitive() {
        return sensitive;
    }

    public boolean hostLabel() {
        return hostLabel;
    }

    public boolean jsonValue() {
        return jsonValue;
    }

    @Override
    public String toString() {
        return name + ": " + target();
    }
}
