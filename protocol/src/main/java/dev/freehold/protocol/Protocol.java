package dev.freehold.protocol;

/// The wire protocols of AWS.
public enum Protocol {
    AWS_JSON_1_0,
    AWS_JSON_1_1,
    REST_JSON_1,
    REST_XML,
    AWS_QUERY,
    RPC_V2_CBOR,
    /// Kinesis's older CBOR: an operation named as in awsJson, with a CBOR body.
    AWS_CBOR_1_1
}
