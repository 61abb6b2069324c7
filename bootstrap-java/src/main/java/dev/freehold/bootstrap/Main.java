package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.Context;
import dev.freehold.bootstrap.crac.Core;
import java.io.ByteArrayOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Waits for a function, then for its invocations.
final class Main {
    private static final int MAX_RESPONSE = 6 * 1024 * 1024 + 100;

    private final Connection connection;
    private final FunctionLogger logger;
    private @Nullable Handler handler;
    private ClassLoader loader = Main.class.getClassLoader();

    private Main(Connection connection) {
        this.connection = connection;
        this.logger = new FunctionLogger(connection);
    }

    /// @param arguments with any, it only shows the JDK what it loads, which makes its cache of
    ///   that
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            warm();
            return;
        }
        // Whoever asks org.crac for its context gets the one whose hooks are called here.
        System.setProperty("org.crac.Core.Compat", Core.class.getPackage().getName());
        Connection connection = Connection.inherited();
        PrintStream out = new PrintStream(new LogOutput(connection), false, "UTF-8");
        System.setOut(out);
        System.setErr(out);
        try {
            new Main(connection).serve();
        } catch (IOException e) {
            Runtime.getRuntime().halt(0); // the engine is gone
        }
    }

    private void serve() throws Exception {
        if (System.getenv("FREEHOLD_AWAITED") == null) {
            warm();
        }
        connection.write('R', new byte[0]);
        while (true) {
            Connection.Frame frame = connection.read();
            if (frame.type == 'I') {
                init(Json.read(new String(frame.content, StandardCharsets.UTF_8)));
            } else if (frame.type == 'T') {
                restore();
            } else if (frame.type == 'V') {
                invoke(frame.content);
            }
        }
    }

    /// Loads, while nobody waits, what each function needs.
    private static void warm() throws Exception {
        Values values = new Values(Main.class.getClassLoader());
        Object event = values.read(Map.class, "{\"a\":[1,\"b\"]}".getBytes(StandardCharsets.UTF_8));
        values.write(event, Object.class, new ByteArrayOutputStream());
        Failure.json(new IllegalStateException("none"));
        System.getenv();
        Warmup.run();
    }

    private void init(Map<String, Object> spec) throws IOException {
        try {
            Map<String, Object> given = Json.map(spec, "environment");
            if (given != null) {
                Map<String, String> variables = new HashMap<>();
                given.forEach((name, value) -> variables.put(name, String.valueOf(value)));
                Variables.set(variables);
            }
            logger.configure(spec);
            String root = System.getenv().getOrDefault("LAMBDA_TASK_ROOT", "/var/task");
            loader = FunctionCode.loader(root);
            Thread.currentThread().setContextClassLoader(loader);
            handler = HandlerLoader.load(Json.text(spec, "handler"), loader);
        } catch (Failure e) {
            if (e.fatal()) {
                report('i', e);
                return;
            }
            handler =
                    (event, answer, context) -> {
                        throw e;
                    };
        } catch (Throwable e) {
            report('i', Failure.thrown(e));
            return;
        }
        if ("snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            call(() -> Core.getGlobalContext().beforeCheckpoint());
        } else {
            call(() -> {});
        }
    }

    private void restore() throws IOException {
        call(() -> Core.getGlobalContext().afterRestore());
    }

    /// What user code has registered to be done at some time.
    private interface Hooks {
        void run() throws Exception;
    }

    private void call(Hooks hooks) throws IOException {
        try {
            hooks.run();
        } catch (Throwable e) {
            report('i', e);
            return;
        }
        System.out.flush();
        connection.write('i', new byte[0]);
    }

    private void report(char type, Throwable error) throws IOException {
        System.out.flush();
        logger.error(error);
        connection.write(type, Failure.json(error));
    }

    private void invoke(byte[] content) throws IOException {
        int length = ByteBuffer.wrap(content).getInt();
        Map<String, Object> head =
                Json.read(new String(content, 4, length, StandardCharsets.UTF_8));
        byte[] event = Arrays.copyOfRange(content, 4 + length, content.length);
        String trace = Json.text(head, "traceId");
        if (trace.isEmpty()) {
            System.clearProperty("com.amazonaws.xray.traceHeader");
        } else {
            System.setProperty("com.amazonaws.xray.traceHeader", trace);
        }
        logger.begin(Json.text(head, "requestId"), loader);
        try {
            Context context = new InvocationContext(head, logger);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            if (handler == null) {
                throw new IllegalStateException("The function is not loaded");
            }
            handler.handle(event, answer, context);
            answer(answer.toByteArray());
            // What user code set is not the next invocation's.
            Thread.interrupted();
        } catch (Throwable e) {
            Throwable thrown = Failure.thrown(e);
            if (thrown instanceof VirtualMachineError || thrown instanceof IOError) {
                // AWS: after those the process is not to be trusted.
                report('X', thrown);
                Runtime.getRuntime().halt(1);
            }
            report('E', thrown);
        }
    }

    private void answer(byte[] json) throws IOException {
        System.out.flush();
        if (json.length <= MAX_RESPONSE) {
            connection.write('O', json);
            return;
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("errorType", "Function.ResponseSizeTooLarge");
        error.put(
                "errorMessage",
                "Response payload size exceeded maximum allowed payload size ("
                        + MAX_RESPONSE
                        + " bytes).");
        connection.write('E', Json.write(error));
    }
}
