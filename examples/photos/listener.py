#!/usr/bin/env python3
"""An HTTP endpoint that SNS tells: confirms its subscription, prints what it is told."""

import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if message["Type"] == "SubscriptionConfirmation":
            urllib.request.urlopen(message["SubscribeURL"], timeout=10).read()
            print("confirmed", message["TopicArn"], flush=True)
        else:
            print(message["Subject"] + ":", message["Message"], flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8099
    HTTPServer(("127.0.0.1", port), Listener).serve_forever()
