package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.eventstream.EventMessage;
import dev.freehold.protocol.eventstream.EventWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.function.Function;

/// A body of events, each sent when it comes. Events that can be closed are, when nobody reads them
/// any more.
final class EventBody implements ByteStream {
    private final Iterable<?> events;
    private final String contentType;
    private final Function<Structure, Blob> writer;

    /// @param events each a union with one member, a structure
    /// @param contentType what `writer` makes of structures
    EventBody(Iterable<?> events, String contentType, Function<Structure, Blob> writer) {
        this.events = events;
        this.contentType = contentType;
        this.writer = writer;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public InputStream open() {
        Iterator<?> each = events.iterator();
        return new SequenceInputStream(
                new Enumeration<InputStream>() {
                    @Override
                    public boolean hasMoreElements() {
                        return each.hasNext();
                    }

                    @Override
                    public InputStream nextElement() {
                        return new ByteArrayInputStream(message(each.next()).encoded());
                    }
                });
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        EventWriter each = new EventWriter(out);
        try {
            for (Object event : events) {
                each.write(message(event));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private EventMessage message(Object event) {
        Structure union = (Structure) event;
        for (Member member : union.schema().members()) {
            if (union.member(member.index()) instanceof Structure value) {
                return message(member.wireName(), value);
            }
        }
        throw new IllegalArgumentException("an event without a member");
    }

    /// An event's payload is one member of it, when the model says so, else all.
    private EventMessage message(String type, Structure event) {
        Member payload = RestProtocol.payload(event.schema());
        if (payload == null) {
            return EventMessage.event(type, contentType, writer.apply(event));
        }
        Object value = event.member(payload.index());
        if (payload.target().type() != Schema.Type.BLOB) {
            throw new IllegalStateException("the payload of " + type + " is no blob");
        }
        Blob bytes = value == null ? Blob.EMPTY : (Blob) value;
        return EventMessage.event(type, "application/octet-stream", bytes);
    }

    @Override
    public void close() {
        if (events instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                throw new IllegalStateException("events that can't be closed", e);
            }
        }
    }
}
