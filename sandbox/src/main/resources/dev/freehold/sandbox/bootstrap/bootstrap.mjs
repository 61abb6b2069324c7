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
import { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
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
    errorMessage: text(error),
    trace: [],
  };
}

function text(thrown) {
  try {
    return String(thrown);
  } catch {
    return util.inspect(thrown); // an object without a prototype, or with a broken one
  }
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
  if (name.includes("..")) {
    throw new RuntimeError("Runtime.MalformedHandlerName",
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const base = path.basename(name);
  const dot = base.indexOf(".");
  if (dot < 0) {
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
  if (found[STREAMING] && found[STREAMING] !== "response") {
    throw new RuntimeError("Runtime.MalformedStreamingHandler", "Only response streaming is supported.");
  }
  if (withoutCallbacks() && !found[STREAMING] && found.length >= 3) {
    throw new RuntimeError("Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
      "You need to modify this function to use a supported handler signature to use Node.js 24 or later. " +
      "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.");
  }
  return found;
}

/** Whether the runtime that the function asked for knows no callbacks any more. */
function withoutCallbacks() {
  const asked = /nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? "");
  return asked !== null && Number(asked[1]) >= 24;
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
    if (fs.existsSync(whole)) return require(whole);
    const ours = module.createRequire("/var/runtime/index.mjs");
    return require(ours.resolve(file, { paths: [root] }));
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
const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");
globalThis.awslambda = {
  streamifyResponse(streaming, options) {
    streaming[STREAMING] = "response";
    if (typeof options?.highWaterMark === "number") {
      streaming[HIGH_WATER_MARK] = options.highWaterMark;
    }
    return streaming;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType("application/vnd.awslambda.http-integration-response");
      const metadata = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(metadata);
        write(Buffer.alloc(8));
      };
      return stream;
    },
  },
};

/** The most bytes of one chunk to the engine. */
const MAX_CHUNK = 64 * 1024;

/** Sends a chunk in parts, none before the engine has taken the last. */
function sendChunk(chunk, done) {
  let at = 0;
  const more = () => {
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + MAX_CHUNK);
      at += MAX_CHUNK;
      if (!send("C", part)) return socket.once("drain", more);
    }
    done();
  };
  more();
}

function responseStream(highWaterMark) {
  let begun = false;
  let written = false;
  let contentType = "application/octet-stream";
  const begin = () => {
    if (!begun) send("S", JSON.stringify({ contentType }));
    begun = true;
  };
  const stream = new Writable({
    highWaterMark,
    write(chunk, encoding, done) {
      begin();
      sendChunk(chunk, done);
    },
    final(done) {
      begin();
      done();
    },
  });
  const { write, end } = stream;
  // Until then an error is the answer, and nothing of the prelude has gone.
  const first = () => {
    if (written) return;
    written = true;
    stream._onBeforeFirstWrite?.((chunk) => write.call(stream, chunk));
  };
  stream.write = (chunk, encoding, done) => {
    first();
    const bytes = typeof chunk === "string" || Buffer.isBuffer(chunk) || chunk?.constructor === Uint8Array;
    return write.call(stream, bytes ? chunk : JSON.stringify(chunk), encoding, done);
  };
  stream.end = (chunk, encoding, done) => {
    if (typeof chunk === "function") return stream.end(undefined, undefined, chunk);
    if (typeof encoding === "function") return stream.end(chunk, undefined, encoding);
    first();
    if (chunk !== undefined && chunk !== null) stream.write(chunk, encoding);
    return end.call(stream, done);
  };
  stream.setContentType = (type) => {
    if (written) {
      throw new RuntimeError("Runtime.InvalidStreamingOperation", "Cannot set content-type, too late.");
    }
    contentType = type;
  };
  // Whoever waits for its end hears of it; nobody else has to.
  stream.on("error", () => {});
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
  const once = (action) => (...args) => {
    if (ended) return;
    ended = true;
    waiting();
    action(...args);
  };
  const finish = once((error, result) => {
    if (error !== null && error !== undefined) return fail(error);
    if (typeof result?.[Symbol.asyncIterator] === "function") return iterate(result);
    succeed(result);
  });
  // As on AWS, whoever has nothing to wait for any more has answered null, or, of an async
  // handler, will never answer.
  const neverEnds = handler.constructor.name === "AsyncFunction";
  const out = handler[STREAMING] ? responseStream(handler[HIGH_WATER_MARK]) : null;
  const idle = out ? () => streamEnds(unfinished(out)) : neverEnds ? exitedEarly : () => succeed(null);
  let waiting = whenIdle(once(idle));
  let ctx;
  const callback = (error, result) => {
    if (ended) return;
    if (ctx.callbackWaitsForEmptyEventLoop === false || error) return finish(error, result);
    waiting();
    waiting = whenIdle(() => finish(error, result));
  };
  invocations.run(head, () => {
    try {
      ctx = context(head, finish);
      const event = payload.length ? JSON.parse(payload) : {};
      if (out) return stream(event, out, ctx, once);
      const returned = handler(event, ctx, callback);
      if (typeof returned?.then === "function") {
        returned.then((result) => finish(null, result), (error) => finish(error ?? new Error("undefined")));
      } else if (typeof returned?.[Symbol.asyncIterator] === "function") {
        finish(null, returned);
      }
    } catch (error) {
      finish(error ?? new Error("undefined"));
    }
  });
}

/**
 * Calls when nothing but the engine's socket keeps the process alive.
 *
 * @returns what ends the waiting
 */
function whenIdle(action) {
  socket.unref();
  const stop = () => {
    socket.ref();
    process.removeListener("beforeExit", idle);
  };
  const idle = () => {
    stop();
    action();
  };
  process.once("beforeExit", idle);
  return stop;
}

function exitedEarly() {
  const error = new RuntimeError("Runtime.NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a " +
    "Promise that was never settled. For more information, see " +
    "https://nodejs.org/docs/latest/api/process.html#process_exit_codes");
  error.stack = "";
  log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
  leave(error);
}

/** Streams what a handler yields. */
function iterate(values) {
  const out = responseStream();
  streamEnds(pipeline(values, out));
}

function stream(event, out, ctx, once) {
  const work = async () => {
    const returned = handler(event, out, ctx);
    if (typeof returned?.then !== "function") throw new Error("Streaming does not support non-async handlers.");
    if ((await returned) !== undefined) console.warn("Streaming handlers ignore return values.");
    await finished(out);
  };
  const ends = once(streamEnds);
  const working = work();
  working.then(() => ends(working), () => ends(working));
}

/** How a stream ends whose handler waits for nothing any more. */
async function unfinished(out) {
  if (!out.writableFinished) throw new Error("Response stream is not finished.");
}

function streamEnds(working) {
  working.then(
    () => {
      current = null;
      send("D");
    },
    (error) => {
      log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
      current = null;
      send("D", JSON.stringify(describe(error)));
    },
  );
}

function succeed(result) {
  let text;
  try {
    text = result === undefined ? "null" : JSON.stringify(result) ?? "null";
  } catch (error) {
    return fail(new RuntimeError("Runtime.UnserializableResponse", `Unable to stringify response body: ${error.message}`));
  }
  current = null;
  if (Buffer.byteLength(text) > MAX_RESPONSE) {
    // What AWS answers in the function's stead: it has no other members.
    send("E", JSON.stringify({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE} bytes).`,
    }));
  } else {
    send("O", text);
  }
}

function fail(error) {
  log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
  current = null;
  send("E", JSON.stringify(describe(error)));
}

function leave(error) {
  send("X", JSON.stringify(describe(error)));
  setTimeout(() => process.reallyExit(129), 5);
}

function uncaught(label, error) {
  log("ERROR", [label + " \t" + JSON.stringify(flat(error))]);
  leave(error);
}
process.on("uncaughtException", (error) => uncaught("Uncaught Exception", error));
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", text(reason));
  error.reason = reason;
  uncaught("Unhandled Promise Rejection", error);
});

send("R");
