package dev.freehold.bootstrap;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The connection with the engine: length (4 bytes), type (1 byte), content, both ways.
final class Connection {
    private static final int INHERITED = 3;
    private static final int MAX_FRAME = 8 * 1024 * 1024;

    private final DataInputStream in;
    private final OutputStream out;

    /// What the engine says.
    static final class Frame {
        final char type;
        final byte[] content;

        Frame(char type, byte[] content) {
            this.type = type;
            this.content = content;
        }
    }

    private Connection(FileDescriptor descriptor) {
        this.in = new DataInputStream(new FileInputStream(descriptor));
        this.out = new FileOutputStream(descriptor);
    }

    /// The one that this process was started with. The JDK knows no other way to a descriptor.
    static Connection inherited() throws ReflectiveOperationException {
        Constructor<FileDescriptor> numbered =
                FileDescriptor.class.getDeclaredConstructor(int.class);
        numbered.setAccessible(true);
        return new Connection(numbered.newInstance(INHERITED));
    }

    /// @throws EOFException when the engine is gone
    Frame read() throws IOException {
        int length = in.readInt() - 1;
        if (length < 0 || length > MAX_FRAME) {
            throw new IOException("a frame of " + length + " bytes");
        }
        char type = (char) in.readByte();
        byte[] content = new byte[length];
        in.readFully(content);
        return new Frame(type, content);
    }

    synchronized void write(char type, byte[] content, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + length);
        frame.putInt(length + 1).put((byte) type).put(content, 0, length);
        out.write(frame.array());
    }

    void write(char type, byte[] content) throws IOException {
        write(type, content, content.length);
    }

    void log(String text) throws IOException {
        write('L', text.getBytes(StandardCharsets.UTF_8));
    }
}
