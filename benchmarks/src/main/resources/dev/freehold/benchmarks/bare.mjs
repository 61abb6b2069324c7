// The echo handler behind Node.js's own HTTP server: what Freehold's invocations are held against.
import http from "node:http";

const handler = async (event) => event;

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const body = JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks).toString())));
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
