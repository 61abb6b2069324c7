package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Api;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;

/// An API; what belongs to it has rows of its own, see [ApiTables].
record ApiRow(String account, String region, Api api) {
    private static final Codec<Api> API = StructureCodec.of(Api.class, Api.SCHEMA);

    static final Codec<ApiRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        out.string(row.account).string(row.region);
                        API.write(row.api, out);
                    },
                    in -> new ApiRow(in.string(), in.string(), API.read(in)));

    ApiRow with(Api changed) {
        return new ApiRow(account, region, changed);
    }

    String id() {
        return String.valueOf(api.apiId());
    }

    /// The ARN of something of this API that can be invoked.
    String executeArn(String rest) {
        return "arn:aws:execute-api:" + region + ":" + account + ":" + id() + "/" + rest;
    }
}
