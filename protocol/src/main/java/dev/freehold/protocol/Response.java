package dev.freehold.protocol;

/// An HTTP response. A body of unknown length is sent in chunks.
public record Response(int status, Headers headers, ByteStream body) {
    public static Response empty(int status, Headers headers) {
        return new Response(status, headers, ByteStream.of(Blob.EMPTY));
    }

    public Response withHeader(String name, String value) {
        return new Response(status, headers.toBuilder().set(name, value).build(), body);
    }
}
