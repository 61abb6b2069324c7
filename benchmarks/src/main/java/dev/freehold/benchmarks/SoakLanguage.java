package dev.freehold.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/// A language of a soak's functions, which do what their event wishes.
///
/// @param runtime AWS's identifier
/// @param handler of the function
/// @param files of its package
record SoakLanguage(String runtime, String handler, Map<String, byte[]> files) {
    private static final String PYTHON =
            """
            import os, subprocess, threading, time
            def handler(event, context):
                wish = event['wish']
                if wish == 'raise': raise ValueError('as told')
                if wish == 'exit': os._exit(3)
                if wish == 'sleep': time.sleep(60)
                if wish == 'big': return 'x' * 3000000
                if wish == 'files': [open('/tmp/%d' % i, 'w').write('x' * 10000) for i in range(50)]
                if wish == 'child': subprocess.Popen(['sleep', '1000'])
                if wish == 'thread':
                    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
                if wish == 'memory': return len(b'x' * (400 << 20))
                return event
            """;

    private static final String NODE =
            """
            exports.handler = async ({ wish }) => {
              if (wish === 'raise') throw new Error('as told');
              if (wish === 'exit') process.exit(3);
              if (wish === 'sleep') await new Promise((r) => setTimeout(r, 60000));
              if (wish === 'big') return 'x'.repeat(3000000);
              if (wish === 'thread') setInterval(() => {}, 10);
              return wish;
            };
            """;

    private static final String SHELL =
            """
            #!/bin/bash
            API=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
            while true; do
              EVENT=$(curl -sS -D /tmp/head $API/next)
              ID=$(grep -i ^Lambda-Runtime-Aws-Request-Id: /tmp/head | tr -d '\\r' | cut -d' ' -f2)
              case $EVENT in *exit*) exit 3 ;; *sleep*) sleep 60 ;; esac
              curl -sS -o /dev/null -d "$EVENT" $API/$ID/response
            done
            """;

    private static final String RUBY =
            """
            def handler(event:, context:)
              case event['wish']
              when 'raise' then raise ArgumentError, 'as told'
              when 'exit' then exit!(3)
              when 'sleep' then sleep 60
              when 'big' then return 'x' * 3_000_000
              when 'files' then 50.times { |i| File.write("/tmp/#{i}", 'x' * 10_000) }
              when 'child' then Process.spawn('sleep', '1000')
              when 'thread' then Thread.new { sleep 1000 }
              when 'memory' then return ('x' * (400 << 20)).length
              end
              event
            end
            """;

    private static final String JAVA =
            """
            import java.util.*;
            public class Soaked {
                public Object handle(Map<String, String> event) throws Exception {
                    switch (event.get("wish")) {
                        case "raise": throw new IllegalStateException("as told");
                        case "exit": Runtime.getRuntime().halt(3);
                        case "sleep": Thread.sleep(60000);
                        case "big": return "x".repeat(3000000);
                        case "child": new ProcessBuilder("sleep", "1000").start(); break;
                        case "thread":
                            Thread thread = new Thread(() -> { while (true) Thread.onSpinWait(); });
                            thread.setDaemon(true);
                            thread.start();
                            break;
                        case "memory":
                            List<byte[]> all = new ArrayList<>();
                            while (true) all.add(new byte[1 << 20]);
                    }
                    return event;
                }
            }
            """;

    static List<SoakLanguage> all() throws IOException {
        return List.of(
                new SoakLanguage("python3.11", "index.handler", source("index.py", PYTHON)),
                new SoakLanguage("nodejs20.x", "index.handler", source("index.js", NODE)),
                new SoakLanguage("ruby3.3", "index.handler", source("index.rb", RUBY)),
                new SoakLanguage("java17", "Soaked::handle", classes()),
                new SoakLanguage("provided.al2023", "none", source("bootstrap", SHELL)));
    }

    private static Map<String, byte[]> source(String file, String code) {
        return Map.of(file, code.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> classes() throws IOException {
        Path directory = Files.createTempDirectory("freehold-soak");
        try {
            Path source = Files.writeString(directory.resolve("Soaked.java"), JAVA);
            int status =
                    ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "--release", "17", source.toString());
            if (status != 0) {
                throw new IOException("the function of Java does not compile");
            }
            Map<String, byte[]> classes = new TreeMap<>();
            try (Stream<Path> all = Files.list(directory)) {
                for (Path each : all.filter(one -> one.toString().endsWith(".class")).toList()) {
                    classes.put(String.valueOf(each.getFileName()), Files.readAllBytes(each));
                }
            }
            return classes;
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(directory);
    }

    /// A package that is like no other with another salt, in base 64.
    String zip(long salt) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
            zip.putNextEntry(new ZipEntry("salt"));
            zip.write(Long.toString(salt).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] all = bytes.toByteArray();
        if (files.containsKey("bootstrap")) {
            executable(all);
        }
        return Base64.getEncoder().encodeToString(all);
    }

    /// Marks the archive's entry as a program made on Unix: the JDK's own zips say nothing of that.
    private static void executable(byte[] zip) {
        for (int i = 0; i + 46 <= zip.length; i++) {
            if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
                zip[i + 5] = 3;
                int mode = 0100755;
                zip[i + 40] = (byte) mode;
                zip[i + 41] = (byte) (mode >> 8);
            }
        }
    }
}
