package dev.freehold.sandbox.egress;

/// What a function reaches beside the AWS endpoint.
///
/// @param open whether that is what the host reaches, but not the host itself; else nothing
public record Egress(boolean open) {
    /// The internet.
    public static final Egress OPEN = new Egress(true);

    /// Nothing.
    public static final Egress NONE = new Egress(false);
}
