package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import dev.freehold.sandbox.api.RuntimeEvents;
import dev.freehold.sandbox.json.Json;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Makes what a custom runtime says the frames that bootstraps of our own send.
final class FrameEvents implements RuntimeEvents {
    private static final byte[] NOTHING = new byte[0];

    private final Consumer<Frame> frames;
    private final Runnable asks;
    private final AtomicBoolean ready = new AtomicBoolean();

    /// @param frames takes the frames; it may wait
    /// @param asks called whenever the runtime has done its work
    FrameEvents(Consumer<Frame> frames, Runnable asks) {
        this.frames = frames;
        this.asks = asks;
    }

    @Override
    public void asks() {
        if (ready.compareAndSet(false, true)) {
            frames.accept(new Frame('i', NOTHING));
        }
        asks.run();
    }

    @Override
    public void asksForRestore() {
        frames.accept(new Frame('i', NOTHING));
        asks.run();
    }

    @Override
    public void restoreFailed(byte[] error) {
        frames.accept(new Frame('i', error));
    }

    @Override
    public void initFailed(byte[] error) {
        frames.accept(new Frame('i', error));
    }

    @Override
    public void answered(byte[] payload) {
        frames.accept(new Frame('O', payload));
    }

    @Override
    public void failed(byte[] error) {
        frames.accept(new Frame('E', error));
    }

    @Override
    public void streams(String contentType) {
        frames.accept(new Frame('S', Json.write(Map.of("contentType", contentType))));
    }

    @Override
    public void streamed(byte[] part) {
        frames.accept(new Frame('C', part));
    }

    @Override
    public void streamEnded(byte[] error) {
        frames.accept(new Frame('D', error));
    }
}
