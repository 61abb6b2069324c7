package dev.freehold.services.s3;

import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.Usage;
import java.util.Set;

/// S3 with what each call of it uses: requests by class, and bytes that leave.
///
/// See <https://aws.amazon.com/s3/pricing/>.
public final class MeteredS3 implements Service {
    private static final String TIER_1 = "s3.tier1-requests";
    private static final String TIER_2 = "s3.tier2-requests";
    private static final String SENT = "s3.transfer-out-bytes";

    /// Lists that are billed as what they list, not as lists: those of configurations and parts.
    private static final Set<String> NO_LISTS = Set.of("ListParts");

    private final Service s3;

    public MeteredS3(Service s3) {
        this.s3 = s3;
    }

    @Override
    public ServiceModel model() {
        return s3.model();
    }

    @Override
    public Structure call(Operation operation, Structure input, Caller caller) {
        Usage usage = caller.usage();
        String name = operation.name();
        // AWS: a request is billed whether it succeeds or not; deletions cost nothing.
        boolean free = name.startsWith("Delete") || name.startsWith("Abort");
        if (!free) {
            boolean get = name.startsWith("Get") || name.startsWith("Head");
            usage.add(get || NO_LISTS.contains(name) ? TIER_2 : TIER_1, 1);
        }
        Structure output = s3.call(operation, input, caller);
        if (output instanceof GetObjectResponse object && object.contentLength() != null) {
            usage.add(SENT, object.contentLength());
        }
        return output;
    }
}
