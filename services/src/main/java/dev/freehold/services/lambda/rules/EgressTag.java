package dev.freehold.services.lambda.rules;

import dev.freehold.sandbox.egress.Egress;
import java.util.Map;

/// What a function reaches outside, by its tag [#TAG]: `none`, or hosts.
public final class EgressTag {
    /// The tag that limits it; without it the internet is open.
    public static final String TAG = "freehold:egress";

    private EgressTag() {}

    /// What tags say.
    ///
    /// @throws dev.freehold.protocol.ServiceError when the tag can't be understood
    public static Egress of(Map<String, String> tags) {
        String text = tags.get(TAG);
        if (text == null) {
            return Egress.OPEN;
        }
        try {
            return Egress.parse(text);
        } catch (IllegalArgumentException e) {
            throw Errors.invalid("The tag " + TAG + " " + e.getMessage());
        }
    }
}
