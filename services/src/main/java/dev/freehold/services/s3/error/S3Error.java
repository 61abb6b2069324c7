package dev.freehold.services.s3.error;

import dev.freehold.protocol.ErrorShape;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer of S3 that its model has no shape for, or whose shape lacks what S3 really sends: most
/// of S3's errors are documented in prose only, each with elements of its own (`BucketName`, `Key`,
/// `ArgumentName`).
public final class S3Error extends ServiceError {
    private static final long serialVersionUID = 1L;

    private final transient List<Detail> details;

    private record Detail(String name, Location location, String value) {}

    private S3Error(ErrorShape shape, @Nullable String message, List<Detail> details) {
        super(shape, message);
        this.details = details;
    }

    public static S3Error of(int status, String code, @Nullable String message) {
        return new S3Error(new ErrorShape(code, status), message, List.of());
    }

    /// This error with one more element in its body; without, when there is no value.
    public S3Error with(String element, @Nullable String value) {
        return value == null ? this : plus(new Detail(element, Location.BODY, value));
    }

    /// This error with a header beside its body.
    public S3Error withHeader(String header, String value) {
        return plus(new Detail(header, Location.HEADER, value));
    }

    private S3Error plus(Detail detail) {
        List<Detail> more = new ArrayList<>(details);
        more.add(detail);
        return new S3Error(shape(), getMessage(), List.copyOf(more));
    }

    @Override
    public @Nullable Structure body() {
        return details.isEmpty() ? null : new Body(details, schema(details));
    }

    private static Schema schema(List<Detail> details) {
        List<Member> members = new ArrayList<>();
        for (Detail detail : details) {
            Member member = Member.of(members.size(), detail.name(), Schema.STRING);
            members.add(member.at(detail.location(), detail.name()));
        }
        return Schema.structure(
                "S3Error",
                Schema.Type.STRUCTURE,
                members,
                () -> {
                    throw new IllegalStateException("errors are only written");
                });
    }

    private record Body(List<Detail> details, Schema schema) implements Structure {
        @Override
        public Object member(int index) {
            return details.get(index).value();
        }
    }
}
