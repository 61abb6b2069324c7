/// Runs functions: the compute engine.
///
/// [Engine] is what others use, with [FunctionSpec], [Invocation], [InvocationResult], [Runtimes].
/// An **environment** is one sandbox with one runtime's bootstrap, which runs one invocation at a
/// time. Sandboxes are started before anybody needs them; a function is put into one by a symbolic
/// link and a message, so that a cold start costs little more than loading the function's own code.
///
/// # The way of an invocation
///
/// `Engine.invoke` → `Fleet.acquire` (the environment that was used last; else wait in the
/// function's queue while `Starter` brings one up: whatever is free first takes the request) →
/// `Environment.invoke` (a frame over a unix socket, and the answer's frames) → `Fleet.release` (to
/// who waits; else idle, and after 20 ms the `Freezer` stops its processes).
///
/// # The way of a streamed answer
///
/// The function writes → the bootstrap's frames, or the Runtime API's chunks → `FrameQueue` (256
/// KB) → `Progress` (6 MiB at once, then 2 MiB a second) → `streaming.AnswerPipe` (64 KB) → whoever
/// reads. Each waits for the next, so that a slow reader slows the function; its timeout goes on
/// meanwhile. A reader that leaves does not stop it.
///
/// # What is in a sandbox
///
/// | process | started by | speaks with |
/// |---|---|---|
/// | `bwrap` (on the host) | `Sandbox`, by `launch.c` as another user when the server is root | - |
/// | `init`, the first process, `init.c` | `bwrap` | `Control`: spawn, freeze, thaw, kill, exits, output |
/// | the bootstrap | `init` | `Frames` on descriptor 3: init, invoke, log, answer |
/// | or the function's own, of `provided` runtimes | `init` | `api.RuntimeApi`, as on AWS |
/// | external extensions, `/opt/extensions/*` | `init`, before the runtime | `api.ExtensionsApi`, as on AWS |
/// | `pasta` (on the host) | `Network`, by `network.c` | the sandbox's network device |
///
/// | path inside | is |
/// |---|---|
/// | `/var/task`, `/opt`, `/var/runtime` | links in the environment's slot, made when it gets a function |
/// | `/run/freehold/code` | the code store: names that can't be guessed in a directory that can't be listed |
/// | `/run/freehold/endpoint/aws` | the socket of the AWS endpoint; 127.0.0.1 and its port lead there |
/// | `/run/freehold/sockets/api` | the Runtime and Extensions APIs'; 127.0.0.1:9001 leads there |
///
/// # Extensions
///
/// `Environment.init` starts external extensions, waits until they have registered, loads the code,
/// and waits until all extensions have asked for an event. An invocation's caller has the answer
/// when the runtime has given it; `Running` goes on until the runtime and the extensions have asked
/// for the next, and so long it is billed and the `Freezer` waits. `SystemLog` says what happens in
/// the log and to `telemetry`, which `init` carries to a port of the sandbox's loopback. In the end
/// the runtime has 600 of 2,000 ms after SIGTERM before external extensions are told, and all of
/// 500 ms when there are only internal ones; without extensions all is killed at once.
///
/// # Invariants
///
/// * An environment never has a second function, and never one of another key.
/// * Both connections to the host are made before user code exists, and their socket is then gone.
/// * No process in a sandbox is root in the kernel's eyes: root may write `/proc/sys` from
///   anywhere.
/// * All sandboxes are started by one thread that never ends: they die with the thread that did.
/// * What a sandbox has is gone with its first process, which dies with the host's side of it.
///
/// # Limits of this design
///
/// Sandboxes share the host's kernel: this isolates the functions of one organisation, not hostile
/// tenants. Memory is watched every 50 ms (less often where there are many processes), so that a
/// function may pass its size for that long. `provided` runtimes run on the host's own system, not
/// on Amazon Linux. A JVM is told its heap's size as it starts, so that each size of memory has a
/// pool of its own, and one with `JAVA_TOOL_OPTIONS` is started when it is wanted, as is a runtime
/// with a wrapper or with variables that it reads only as it starts (`Launch`).
@NullMarked
package dev.freehold.sandbox;

import org.jspecify.annotations.NullMarked;
