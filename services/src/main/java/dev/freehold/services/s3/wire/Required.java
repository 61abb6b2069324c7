package dev.freehold.services.s3.wire;

import dev.freehold.api.s3.AccessControlPolicy;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.error.S3Errors;
import java.util.List;

/// What the model demands of the documents in requests: AWS answers one that lacks it as it answers
/// one that is no XML.
public final class Required {
    private Required() {}

    /// Refuses a request whose document lacks what it must have.
    public static void check(Structure request) {
        for (Member member : request.schema().members()) {
            if (member.location() == Member.Location.PAYLOAD
                    && request.member(member.index()) instanceof Structure document) {
                whole(document);
            }
        }
    }

    private static void whole(Structure document) {
        if (document instanceof AccessControlPolicy) {
            // AWS: lists have an error of their own.
            return;
        }
        for (Member member : document.schema().members()) {
            switch (document.member(member.index())) {
                case null -> {
                    if (member.required()) {
                        throw S3Errors.malformedXml();
                    }
                }
                case Structure inner -> whole(inner);
                case List<?> list -> list.forEach(Required::element);
                default -> {}
            }
        }
    }

    private static void element(Object element) {
        if (element instanceof Structure structure) {
            whole(structure);
        }
    }
}
