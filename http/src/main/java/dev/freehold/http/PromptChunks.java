package dev.freehold.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 whose chunks are whole as soon as they are sent. Jetty sends the line end that is a
/// chunk's last before the next chunk, and clients that wait for it (Python's urllib3, and so
/// boto3) have each part of a streamed answer only with the next one.
final class PromptChunks extends HttpConnectionFactory {
    private static final byte[] LINE_END = {'\r', '\n'};

    PromptChunks(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection =
                new HttpConnection(getHttpConfiguration(), connector, endPoint) {
                    @Override
                    protected HttpGenerator newHttpGenerator() {
                        return new Generator();
                    }
                };
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    /// A chunk's content, of which [Generator] knows that the line end may follow it.
    static ByteBuffer chunk(byte[] bytes, int offset, int length) {
        byte[] chunk = new byte[length + LINE_END.length];
        System.arraycopy(bytes, offset, chunk, 0, length);
        System.arraycopy(LINE_END, 0, chunk, length, LINE_END.length);
        return ByteBuffer.wrap(chunk, 0, length);
    }

    private static final class Generator extends HttpGenerator {
        /// Whether the last chunk's line end has been sent with it.
        private boolean ahead;

        @Override
        public void reset() {
            ahead = false;
            super.reset();
        }

        @Override
        public Result generateResponse(
                MetaData.Response info,
                boolean head,
                ByteBuffer header,
                ByteBuffer chunk,
                ByteBuffer content,
                boolean last)
                throws IOException {
            Result result = super.generateResponse(info, head, header, chunk, content, last);
            if (result != Result.FLUSH) {
                return result;
            }
            if (ahead && has(chunk)) {
                // It begins with that line end.
                chunk.position(chunk.position() + LINE_END.length);
                ahead = false;
            }
            // The first chunk's length is in the header.
            boolean chunked = isChunking() && (has(chunk) || has(header));
            if (chunked && has(content) && hasLineEnd(content)) {
                content.limit(content.limit() + LINE_END.length);
                ahead = true;
            }
            return result;
        }

        private static boolean has(@Nullable ByteBuffer buffer) {
            return buffer != null && buffer.hasRemaining();
        }

        /// Whether the bytes after the content are a line end: then they may be sent with it,
        /// whoever put them there.
        private static boolean hasLineEnd(ByteBuffer content) {
            int limit = content.limit();
            return content.capacity() - limit >= LINE_END.length
                    && bytes(content).get(limit) == LINE_END[0]
                    && bytes(content).get(limit + 1) == LINE_END[1];
        }

        private static ByteBuffer bytes(ByteBuffer content) {
            ByteBuffer all = content.duplicate();
            all.limit(all.capacity());
            return all;
        }
    }
}
