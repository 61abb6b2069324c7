package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs handlers of its own, of each kind, while nobody waits: what is loaded and linked then is
/// not when a function is. They come from a loader of their own, as functions do.
public final class Warmup {
    private static final byte[] EVENT =
            "{\"name\":\"a\",\"number\":1,\"list\":[\"b\"]}".getBytes(StandardCharsets.UTF_8);

    private static final int ROUNDS = 3;

    private Warmup() {}

    static void run() throws Exception {
        String name = Warmup.class.getName();
        try (URLClassLoader loader = new Own()) {
            for (int i = 0; i < ROUNDS; i++) {
                handle(name + "$ByInterface", loader);
                handle(name + "$ByMethod::handle", loader);
            }
        }
        ClassLoader none = FunctionCode.loader(System.getProperty("java.io.tmpdir"));
        try {
            none.loadClass("none.None");
        } catch (ClassNotFoundException e) {
            ((URLClassLoader) none).close();
        }
    }

    private static void handle(String name, ClassLoader loader) throws Exception {
        Map<String, Object> head = new HashMap<>();
        head.put("requestId", "");
        head.put("deadline", 0L);
        try {
            HandlerLoader.load(name, loader)
                    .handle(
                            EVENT,
                            new ByteArrayOutputStream(),
                            new InvocationContext(head, Silent.LOGGER));
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Logs nothing.
    private static final class Silent implements LambdaLogger {
        static final LambdaLogger LOGGER = new Silent();

        @Override
        public void log(String message) {}

        @Override
        public void log(byte[] message) {}
    }

    /// Has the handlers below once more.
    private static final class Own extends URLClassLoader {
        Own() throws java.net.MalformedURLException {
            super(jars(), Warmup.class.getClassLoader());
        }

        private static URL[] jars() throws java.net.MalformedURLException {
            String[] files = System.getProperty("java.class.path").split(File.pathSeparator, -1);
            URL[] urls = new URL[files.length];
            for (int i = 0; i < files.length; i++) {
                urls[i] = new File(files[i]).toURI().toURL();
            }
            return urls;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Warmup.class.getName() + "$")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    /// What many events are like.
    public static final class Event {
        public String name = "";
        public int number;
        public List<String> list = List.of();
    }

    /// A handler by interface.
    public static final class ByInterface
            implements RequestHandler<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
            return event;
        }
    }

    /// A handler by name.
    public static final class ByMethod {
        public Event handle(Event event, Context context) {
            return event;
        }
    }
}
