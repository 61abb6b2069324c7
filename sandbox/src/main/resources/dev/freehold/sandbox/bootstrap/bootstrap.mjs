// The bootstrap of Node.js functions: waits for a function from the engine, runs it.
//
// Frames go both ways over the unix socket that it inherits as descriptor 3: length (4 bytes, big endian), type (1 byte), content.
//   in:  I init (JSON)   V invoke (length of JSON in 4 bytes, JSON, payload)
//   out: R ready   i init ended (JSON error, or empty)   L log line   O result   E error (JSON)
//        S stream begins (JSON)   C stream chunk   D stream ended (JSON error, or empty)
import net from "node:net";
import fs from "node:fs";
import path from "node:path";
import util from "node:util";
import module from "node:module";
import v8 from "node:v8";
import { pathToFileURL } from "node:url";
import { AsyncLocalStorage } from "node:async_hooks";

const MAX_RESPONSE = 6 * 1024 * 1024 + 100;
const socket = new net.Socket({ fd: 3, readable: true, writable: true });
const invocations = new AsyncLocalStorage();
let current = null;
let handler = null;
let root = "/var/task";
let require = null;

function send(type, content = "") {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32BE(body.length + 1, 0);
  head[4] = type.charCodeAt(0);
  socket.write(head);
  return body.length ? socket.write(body) : true;
}

let pending = Buffer.alloc(0);
socket.on("data", (chunk) => {
  pending = pending.length ? Buffer.concat([pending, chunk]) : chunk;
  while (pending.length >= 4) {
    const length = pending.readUInt32BE(0);
    if (pending.length < 4 + length) return;
    const type = String.fromCharCode(pending[4]);
    const content = pending.subarray(5, 4 + length);
    pending = pending.subarray(4 + length);
    receive(type, content);
  }
});
socket.on("close", () => process.reallyExit(0));
socket.on("error", () => process.reallyExit(0));

function receive(type, content) {
  if (type === "I") {
    init(JSON.parse(content));
  } else if (type === "V") {
    const length = content.readUInt32BE(0);
    const head = JSON.parse(content.subarray(4, 4 + length));
    invoke(head, content.subarray(4 + length).toString());
  }
}

// ---- logging ------------------------------------------------------------------------------------

let logFormat = "Text";
let logLevel = "TRACE";
const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };

function log(level, args) {
  if (LEVELS[level] < LEVELS[logLevel]) return;
  const requestId = current?.requestId ?? "undefined";
  if (logFormat === "JSON") {
    const error = args.find((a) => a instanceof Error);
    const record = { timestamp: new Date().toISOString(), level, requestId };
    record.message = args.length === 1 && typeof args[0] !== "string" && !error ? args[0] : util.format(...args);
    if (error) Object.assign(record, describe(error));
    try {
      send("L", JSON.stringify(record) + "\n");
    } catch {
      record.message = util.format(...args);
      send("L", JSON.stringify(record) + "\n");
    }
    return;
  }
  const message = util.format(...args).replace(/\n/g, "\r");
  send("L", `${new Date().toISOString()}\t${requestId}\t${level}\t${message}\n`);
}

for (const [name, level] of Object.entries({
  log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR",
})) {
  console[name] = (...args) => log(level, args);
}
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    send("L", typeof chunk === "string" ? chunk : Buffer.from(chunk));
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
}

// ---- loading ------------------------------------------------------------------------------------

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function describe(error) {
  if (error instanceof Error || util.types.isNativeError(error)) {
    return {
      errorType: error.name ?? "Error",
      errorMessage: String(error.message ?? ""),
      trace: String(error.stack ?? "").split("\n"),
    };
  }
  return {
    errorType: typeof error,
    errorMessage: error === undefined ? "undefined" : typeof error === "string" ? error : util.inspect(error),
    trace: [],
  };
}

async function init(spec) {
  try {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, spec.environment);
    root = process.env.LAMBDA_TASK_ROOT;
    require = module.createRequire(root + "/");
    process.chdir(root);
    // The heap's limit, before there is much in it: the rest is for what is not on the heap.
    v8.setFlagsFromString(`--max-old-space-size=${Math.floor(spec.memory * 0.9)}`);
    logFormat = spec.logFormat ?? "Text";
    logLevel = spec.logLevel ?? "TRACE";
    module.Module._initPaths?.();
    handler = await load(spec.handler);
    send("i");
  } catch (error) {
    log("ERROR", ["Uncaught Exception \t" + JSON.stringify(flat(error))]);
    send("i", JSON.stringify(describe(error)));
  }
}

function flat(error) {
  const { errorType, errorMessage, trace } = describe(error);
  return { errorType, errorMessage, code: error?.code, stack: trace };
}

async function load(name) {
  const base = path.basename(name);
  const dot = base.indexOf(".");
  if (dot < 1 || name.includes("..")) {
    throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  }
  const file = path.join(path.dirname(name), base.slice(0, dot));
  const loaded = await loadModule(file);
  let found = loaded;
  for (const part of base.slice(dot + 1).split(".")) found = found?.[part];
  if (found === undefined && loaded.default) {
    found = loaded.default;
    for (const part of base.slice(dot + 1).split(".")) found = found?.[part];
  }
  if (found === undefined) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof found !== "function") {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  return found;
}

function isModule(file) {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    const manifest = path.join(at, "package.json");
    if (fs.existsSync(manifest)) {
      try {
        return JSON.parse(fs.readFileSync(manifest)).type === "module";
      } catch {
        return false;
      }
    }
    if (at === "/" || at === root) return false;
  }
}

async function loadModule(file) {
  const whole = path.resolve(root, file);
  try {
    if (fs.existsSync(whole) && fs.statSync(whole).isFile()) return require(whole);
    if (fs.existsSync(whole + ".js")) {
      return isModule(whole) ? await import(pathToFileURL(whole + ".js")) : require(whole + ".js");
    }
    if (fs.existsSync(whole + ".mjs")) return await import(pathToFileURL(whole + ".mjs"));
    if (fs.existsSync(whole + ".cjs")) return require(whole + ".cjs");
    return require(whole);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const stack = String(error.stack);
      throw Object.assign(new RuntimeError("Runtime.UserCodeSyntaxError", String(error)), { stack });
    }
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw new RuntimeError("Runtime.ImportModuleError", String(error));
    }
    throw error;
  }
}

// ---- streaming ----------------------------------------------------------------------------------

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
globalThis.awslambda = {
  streamifyResponse(streaming, options) {
    streaming[STREAMING] = "response";
    return streaming;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream.setContentType("application/vnd.awslambda.http-integration-response");
      stream.write(JSON.stringify(metadata));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

async function responseStream() {
  const { Writable } = await import("node:stream");
  let begun = false;
  let contentType = "application/octet-stream";
  const begin = () => {
    if (!begun) send("S", JSON.stringify({ contentType }));
    begun = true;
  };
  const stream = new Writable({
    write(chunk, encoding, done) {
      begin();
      if (send("C", Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, encoding))) done();
      else socket.once("drain", done);
    },
    final(done) {
      begin();
      done();
    },
  });
  stream.setContentType = (type) => {
    contentType = type;
  };
  return stream;
}

// ---- invoking -----------------------------------------------------------------------------------

function context(head, finish) {
  const env = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: head.clientContext ? JSON.parse(head.clientContext) : undefined,
    identity: head.identity ? JSON.parse(head.identity) : undefined,
    invokedFunctionArn: head.functionArn,
    awsRequestId: head.requestId,
    tenantId: head.tenantId,
    getRemainingTimeInMillis: () => Math.max(0, head.deadline - Date.now()),
    done: (error, result) => finish(error, result),
    succeed: (result) => finish(null, result),
    fail: (error) => finish(error ?? "handled"),
  };
}

function invoke(head, payload) {
  current = head;
  if (head.traceId) process.env._X_AMZN_TRACE_ID = head.traceId;
  let ended = false;
  const finish = (error, result) => {
    if (ended) return;
    ended = true;
    if (error !== null && error !== undefined) return fail(error);
    succeed(result);
  };
  let ctx;
  const callback = (error, result) => {
    if (ended) return;
    if (ctx.callbackWaitsForEmptyEventLoop === false) return finish(error, result);
    whenIdle(() => finish(error, result));
  };
  invocations.run(head, () => {
    try {
      ctx = context(head, finish);
      const event = payload.length ? JSON.parse(payload) : {};
      if (handler[STREAMING]) return stream(event, ctx);
      const returned = handler(event, ctx, callback);
      if (typeof returned?.then === "function") {
        returned.then((result) => finish(null, result), (error) => finish(error ?? new Error("undefined")));
      } else if (handler.length < 3) {
        whenIdle(() => finish(null, returned instanceof Promise ? null : undefined));
      }
    } catch (error) {
      finish(error ?? new Error("undefined"));
    }
  });
}

/** Calls when nothing but the engine's socket keeps the process alive. */
function whenIdle(action) {
  socket.unref();
  const check = () => {
    socket.ref();
    process.removeListener("beforeExit", check);
    action();
  };
  process.once("beforeExit", check);
}

async function stream(event, ctx) {
  const out = await responseStream();
  try {
    await handler(event, out, ctx);
    if (!out.writableEnded) out.end();
    if (!out.writableFinished) await new Promise((resolve) => out.once("finish", resolve));
    current = null;
    send("D");
  } catch (error) {
    log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
    current = null;
    send("D", JSON.stringify(describe(error)));
  }
}

function succeed(result) {
  let text;
  try {
    text = result === undefined ? "null" : JSON.stringify(result) ?? "null";
  } catch (error) {
    return fail(new RuntimeError("Runtime.UnserializableResponse", `Unable to stringify response body: ${error.message}`));
  }
  const size = Buffer.byteLength(text);
  if (size > MAX_RESPONSE) {
    return fail(new RuntimeError("Function.ResponseSizeTooLarge",
      `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE} bytes).`));
  }
  current = null;
  send("O", text);
}

function fail(error) {
  log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
  current = null;
  send("E", JSON.stringify(describe(error)));
}

function uncaught(error, type) {
  if (type) error = new RuntimeError(type, String(error?.stack ? error : util.inspect(error)));
  if (current) log("ERROR", ["Uncaught Exception \t" + JSON.stringify(flat(error))]);
  send("X", JSON.stringify(describe(error)));
  setTimeout(() => process.reallyExit(129), 5);
}
process.on("uncaughtException", (error) => uncaught(error));
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason instanceof Error ? reason : util.inspect(reason)));
  error.reason = reason;
  uncaught(error);
});

send("R");
