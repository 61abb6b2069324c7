// The bootstrap of Node.js functions: waits for a function from the engine, runs it.
//
// Frames go both ways over the unix socket that it inherits as descriptor 3: length (4 bytes, big endian), type (1 byte), content.
//   in:  I init (JSON)   P compile (JSON)   V invoke (length of JSON in 4 bytes, JSON, payload)
//   out: R ready   i init ended (JSON error, or empty)   L log lines   M log message   O result   E error (JSON)
//        K compiled file (length of name in 2 bytes, name, content), or empty after the last
//        S stream begins (JSON)   C stream chunk   D stream ended (JSON error, or empty)
import net from "node:net";
import fs from "node:fs";
import inspector from "node:inspector";
import path from "node:path";
import util from "node:util";
import module from "node:module";
import v8 from "node:v8";
import { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AsyncLocalStorage } from "node:async_hooks";

const MAX_RESPONSE = 6 * 1024 * 1024 + 100;
const socket = new net.Socket({ fd: 3, readable: true, writable: true });
const invocations = new AsyncLocalStorage();
let current = null;
let handler = null;
let root = "/var/task";
// Whether the function asked for Node.js 24 or later, where AWS's runtime is another: it knows no
// callbacks, and leaves what nobody catches to Node.js.
let since24 = false;

function send(type, content = "") {
  if (typeof content === "string" && content.length < 16384) {
    // One message, one system call.
    const length = Buffer.byteLength(content);
    const frame = Buffer.allocUnsafe(5 + length);
    frame.writeUInt32BE(length + 1, 0);
    frame[4] = type.charCodeAt(0);
    frame.write(content, 5);
    return socket.write(frame);
  }
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
  } else if (type === "P") {
    compile(JSON.parse(content));
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
  const time = new Date().toISOString();
  const requestId = current?.requestId ?? (since24 ? "-" : undefined);
  send("M", logFormat === "JSON"
    ? record(time, level, requestId, args) + "\n"
    : `${time}\t${requestId}\t${level}\t${util.format(...args)}\n`);
}

function record(timestamp, level, requestId, args) {
  const entry = { timestamp, level, requestId, tenantId: current?.tenantId };
  if (args.length === 1) {
    try {
      return JSON.stringify({ ...entry, message: args[0] }, withErrors);
    } catch {
      return JSON.stringify({ ...entry, message: util.format(args[0]) });
    }
  }
  entry.message = util.format(...args);
  const error = args.find((a) => a instanceof Error);
  return JSON.stringify(error ? { ...entry, ...facts(error) } : entry);
}

function facts(error) {
  return {
    errorType: error instanceof RuntimeError ? error.name.slice("Runtime.".length) : error.constructor?.name ?? "UnknownError",
    errorMessage: error.message,
    stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
  };
}

function withErrors(_, value) {
  return value instanceof Error ? { ...facts(value), ...value } : value;
}

/** Tells of an error that ends an invocation, or the environment. */
function logError(label, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(text(thrown));
  if (logFormat === "JSON") return log("ERROR", [error]);
  let json;
  try {
    json = JSON.stringify(error, (_, value) => value instanceof Error ? flat(value) : value);
  } catch {
    json = JSON.stringify(describe(error));
  }
  log("ERROR", [label, "\t" + json]);
}

function flat(error) {
  const { name, message, code, stack } = error;
  const own = { errorType: name, errorMessage: message, code, ...error };
  return typeof stack === "string" ? { ...own, stack: stack.split("\n") } : own;
}

for (const [name, level] of Object.entries({
  log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR", fatal: "FATAL",
})) {
  // As on AWS, nothing is logged as "undefined".
  console[name] = (message, ...more) => log(level, [message, ...more]);
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
    Object.defineProperty(this, "name", { value: name });
  }
}

function describe(error) {
  if (error instanceof Error || util.types.isNativeError(error) || (!since24 && resembles(error))) {
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

/** Whether something has what errors have, though it may be of another realm. */
function resembles(error) {
  const { name, message, stack } = error ?? {};
  return [name, message, stack].every((part) => part && typeof part === "string");
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
    if (spec.environment) {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, spec.environment);
    }
    root = process.env.LAMBDA_TASK_ROOT;
    since24 = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? "")?.[1]) >= 24;
    process.chdir(root);
    // The heap's limit, before there is much in it: the rest is for what is not on the heap.
    v8.setFlagsFromString(`--max-old-space-size=${Math.floor(spec.memory * 0.9)}`);
    logFormat = spec.logFormat ?? "Text";
    logLevel = spec.logLevel ?? "TRACE";
    if (spec.cache) module.enableCompileCache?.(spec.cache);
    module.Module._initPaths?.();
    if (spec.debugPort) inspector.open(spec.debugPort, "127.0.0.1", true);
    handler = await load(spec.handler);
    send("i");
  } catch (error) {
    logError(since24 ? "Init Error" : "Uncaught Exception", error);
    send("i", JSON.stringify(describe(error)));
  }
}

/** Loads a function that will not be called here, and hands over what V8 has compiled of it. */
async function compile(spec) {
  const folder = "/tmp/.compiled";
  await init({ ...spec, cache: folder });
  module.flushCompileCache();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const name = Buffer.from(path.relative(folder, file));
    const length = Buffer.allocUnsafe(2);
    length.writeUInt16BE(name.length);
    send("K", Buffer.concat([length, name, fs.readFileSync(file)]));
  }
  send("K");
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
  const names = base.slice(dot + 1).split(".");
  let found = member(loaded, names);
  if (!found && since24) found = member(loaded.default, names);
  if (!found) {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof found !== "function") {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is not a function`);
  }
  if (found[STREAMING] && found[STREAMING] !== "response") {
    throw new RuntimeError("Runtime.MalformedStreamingHandler", "Only response streaming is supported.");
  }
  if (since24 && !found[STREAMING] && found.length >= 3) {
    throw new RuntimeError("Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
      "You need to modify this function to use a supported handler signature to use Node.js 24 or later. " +
      "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.");
  }
  return found;
}

function member(object, names) {
  return names.reduce((found, name) => found?.[name], object);
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
  const ours = module.createRequire("/var/runtime/index.mjs");
  // AWS: since Node.js 24 all code is imported, as import() takes CommonJS too.
  const load = (name) => (since24 ? import(pathToFileURL(name)) : ours(name));
  try {
    if (fs.existsSync(whole) && fs.statSync(whole).isFile()) return await load(whole);
    if (fs.existsSync(whole + ".js")) {
      return isModule(whole) ? await import(pathToFileURL(whole + ".js")) : await load(whole + ".js");
    }
    if (fs.existsSync(whole + ".mjs")) return await import(pathToFileURL(whole + ".mjs"));
    if (fs.existsSync(whole + ".cjs")) return await load(whole + ".cjs");
    if (fs.existsSync(whole)) return ours(whole);
    return ours(ours.resolve(file, { paths: [root] }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      const stack = String(error.stack);
      throw Object.assign(new RuntimeError("Runtime.UserCodeSyntaxError", String(error)), { stack });
    }
    if (error?.code === "MODULE_NOT_FOUND") {
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
    xRayTraceId: since24 ? head.traceId : undefined,
    getRemainingTimeInMillis: () => Math.max(0, head.deadline - Date.now()),
    done: (error, result) => finish(error, result),
    succeed: (result) => finish(null, result),
    fail: (error) => finish(error ?? "handled"),
  };
}

function invoke(head, payload) {
  current = head;
  if (head.traceId) process.env._X_AMZN_TRACE_ID = head.traceId;
  else delete process.env._X_AMZN_TRACE_ID;
  let ended = false;
  const once = (action) => (...args) => {
    if (ended) return;
    ended = true;
    waiting();
    action(...args);
  };
  const answers = once((result) => {
    if (typeof result?.[Symbol.asyncIterator] === "function") iterate(result);
    else succeed(result);
  });
  const fails = once(fail);
  const finish = (error, result) => {
    if (error === null || error === undefined) answers(result);
    else fails(error);
  };
  // As on AWS, whoever has nothing to wait for any more has answered null; since Node.js 24 it
  // never will.
  const out = handler[STREAMING] ? responseStream(handler[HIGH_WATER_MARK]) : null;
  const idle = out ? () => streamEnds(unfinished(out)) : since24 ? exitedEarly : () => succeed(null);
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
        returned.then(answers, (error) => fails(since24 ? error : error ?? "handled"));
      } else if (since24 || typeof returned?.[Symbol.asyncIterator] === "function") {
        answers(returned);
      }
    } catch (error) {
      if (since24) fails(error);
      else callback(error); // AWS: throwing nothing is no error there
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
  logError("Invoke Error", error);
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
    if (typeof returned?.then !== "function") {
      const message = "Streaming does not support non-async handlers.";
      throw since24 ? new Error(message) : message;
    }
    if ((await returned) !== undefined) console.warn("Streaming handlers ignore return values.");
    await finished(out);
  };
  const ends = once(streamEnds);
  // AWS: after its end an answer can't fail any more.
  const working = work().catch(async (error) => {
    if (!out.writableEnded) throw error;
    log("ERROR", ["Invoke Error \t" + JSON.stringify(flat(error))]);
    await finished(out);
  });
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
      logError("Invoke Error", error);
      current = null;
      send("D", JSON.stringify(describe(error)));
    },
  );
}

function succeed(result) {
  let text;
  try {
    text = result === undefined ? "null" : JSON.stringify(result) ?? "null";
  } catch {
    const message = "Unable to stringify response body";
    return fail(since24 ? new RuntimeError("Runtime.JSONStringifyError", message) : new Error(message));
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
  logError("Invoke Error", error);
  current = null;
  send("E", JSON.stringify(describe(error)));
}

/** Ends the process; the error is the invocation's. */
function leave(error) {
  send("X", JSON.stringify(describe(error)));
  setTimeout(() => process.reallyExit(129), 5);
}

function uncaught(label, error) {
  logError(label, error);
  leave(error);
}

/** Ends as Node.js itself does. */
function crash(error) {
  process.stderr.write(`${util.inspect(error)}\n\nNode.js ${process.version}\n`);
  setTimeout(() => process.reallyExit(1), 5);
}

process.on("uncaughtException", (error) => {
  if (since24) crash(error);
  else uncaught("Uncaught Exception", error);
});
process.on("unhandledRejection", (reason) => {
  if (since24) return crash(reason);
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", text(reason));
  error.reason = reason;
  uncaught("Unhandled Promise Rejection", error);
});

// ---- warming up ---------------------------------------------------------------------------------

/** Loads and calls functions of its own, unheard, so that no function is the first. */
async function warm() {
  const directory = path.join(path.dirname(fileURLToPath(import.meta.url)), "warm");
  const variables = { ...process.env };
  for (const name of ["index.handler", "module.handler"]) {
    await answered("i", () =>
      init({ handler: name, memory: 1024, environment: { ...variables, LAMBDA_TASK_ROOT: directory } }));
    const head = { requestId: "warm", functionArn: "", deadline: Date.now() };
    await answered("O", () => invoke(head, '{"a":[1,"b",null]}'));
  }
  const { cache } = module.createRequire(import.meta.url);
  for (const file of Object.keys(cache)) {
    if (file.startsWith(directory)) delete cache[file];
  }
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
  process.chdir("/tmp");
  handler = null;
}

/** Waits until a frame of that type would have been sent; none is. */
function answered(type, action) {
  return new Promise((resolve, reject) => {
    socket.write = (chunk) => {
      const sent = String.fromCharCode(chunk[4]);
      if (sent === type) resolve();
      else if (sent === "E" || sent === "X") reject(new Error("the bootstrap can't run a function"));
      return true;
    };
    action();
  }).finally(() => delete socket.write);
}

if (!process.env.FREEHOLD_AWAITED) await warm();
send("R");
