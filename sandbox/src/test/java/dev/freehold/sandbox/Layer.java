package dev.freehold.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Layers with extensions.
final class Layer {
    /// What extensions in Python begin with.
    static final String PRELUDE =
            """
            #!/usr/bin/python3
            import http.client, http.server, json, os, socket, sys, threading, time
            API = os.environ['AWS_LAMBDA_RUNTIME_API']
            NAME = os.path.basename(__file__)
            EXTENSION = '/2020-01-01/extension/'

            def call(method, path, body=None, headers={}):
                connection = http.client.HTTPConnection(API)
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read().decode()

            def say(*words):
                print(NAME, *words, flush=True)

            def register(events, name=NAME):
                headers = {'Lambda-Extension-Name': name,
                           'Lambda-Extension-Accept-Feature': 'accountId'}
                body = json.dumps({'events': events})
                status, headers, body = call('POST', EXTENSION + 'register', body, headers)
                say('registered', status, body.strip())
                return {'Lambda-Extension-Identifier': headers['Lambda-Extension-Identifier']}

            def next(me):
                status, headers, body = call('GET', EXTENSION + 'event/next', headers=me)
                event = json.loads(body)
                say('event', status, json.dumps(event))
                return event

            def subscribe(me, port, types, schema='2022-12-13', api='/2022-07-01/telemetry',
                          **more):
                request = {'schemaVersion': schema, 'types': types,
                           'buffering': {'timeoutMs': 25},
                           'destination': {'protocol': 'HTTP',
                                           'URI': f'http://sandbox.localdomain:{port}/x'}}
                request.update(more)
                status, headers, body = call('PUT', api, json.dumps(request), me)
                say('subscribed', status, body)

            def listen(port, took):
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_POST(self):
                        took(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
                        self.send_response(200)
                        self.end_headers()
                    def log_message(self, *words):
                        pass
                server = http.server.HTTPServer(('sandbox.localdomain', port), Handler)
                threading.Thread(target=server.serve_forever, daemon=True).start()

            """;

    /// An extension that tells all that it hears.
    static final String TELLS =
            """
            me = register(['INVOKE', 'SHUTDOWN'])
            while next(me)['eventType'] != 'SHUTDOWN':
                pass
            """;

    private Layer() {}

    /// A layer.
    ///
    /// @param extensions programs in Python after the prelude, by name
    static Path of(Host host, Map<String, String> extensions) throws IOException {
        Path layer = Files.createTempDirectory(host.layout.code(), "layer");
        Host.allow(layer);
        Path directory = Files.createDirectories(layer.resolve("extensions"));
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            Path program = directory.resolve(extension.getKey());
            Files.writeString(program, PRELUDE + extension.getValue());
            Host.allow(program);
        }
        return layer;
    }
}
