// The parent's side of the channel: one child at a time, started when first needed, watched while it owes an answer.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { MaskletError } from "#protocol/errors.ts";
import type { Health } from "#protocol/types.ts";
import { isFromChild } from "./messages.ts";
import type { Answer, FromChild, HostSettings, Request, ToChild } from "./messages.ts";

export interface ConnectionOptions {
  readonly entry: URL;
  readonly settings: HostSettings;
  /** Silence of this length, while an answer is owed, means that the child hangs. */
  readonly timeoutMs: number;
  readonly onLog: (line: string) => void;
}

export interface Connection {
  /** Starts a child unless one runs. @returns a number that changes with every child. @throws cancelled after close */
  ensure(): number;
  /** @throws model_host_died, model_host_hung, cancelled, and what the child throws */
  call(request: Request, signal?: AbortSignal): Promise<Answer>;
  /** A call that nobody waits for, to a child that runs. */
  post(request: Request): void;
  state(): Health["model"];
  pid(): number | undefined;
  /** Ends the child for good; open calls, and any after, end as cancelled. */
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: MaskletError) => void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const pending = new Map<number, Pending>();
  /** Calls a graph may still be running for, though nobody waits for their answers. */
  const abandoned = new Set<number>();
  let child: ChildProcess | undefined;
  let ready = false;
  let generation = 0;
  let lastId = 0;
  let closed = false;
  let watch: NodeJS.Timeout | undefined;

  function start(): ChildProcess {
    generation++;
    ready = false;
    // Own flags only: the parent's may be those of a test runner or a debugger.
    const started = fork(options.entry, { serialization: "advanced", execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    started.on("message", (message) => {
      if (started === child && isFromChild(message)) hear(message);
    });
    started.once("exit", (code, signal) => lose(started, MaskletError.of("model_host_died", { why: signal === null ? `exit code ${code}` : `signal ${signal}` })));
    started.on("error", (thrown) => lose(started, MaskletError.of("model_host_died", { why: thrown.message }, thrown)));
    child = started;
    tell(started, { t: "start", settings: options.settings });
    return started;
  }

  function tell(to: ChildProcess, message: ToChild): void {
    to.send(message, (thrown) => {
      if (thrown !== null) lose(to, MaskletError.of("model_host_died", { why: thrown.message }, thrown));
    });
  }

  function hear(message: FromChild): void {
    if (message.t === "ready") ready = true;
    else if (message.t === "log") options.onLog(message.line);
    else if (message.t !== "alive") {
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      abandoned.delete(message.id);
      if (message.t === "answer") waiting?.resolve(message.answer);
      else waiting?.reject(MaskletError.fromFault(message.fault));
    }
    rewatch();
  }

  /** Forgets a child that is gone or given up, and fails what it owed. */
  function lose(gone: ChildProcess, why: MaskletError): void {
    if (gone !== child) return;
    child = undefined;
    ready = false;
    gone.kill("SIGKILL");
    const owed = [...pending.values()];
    pending.clear();
    abandoned.clear();
    rewatch();
    for (const one of owed) one.reject(why);
  }

  /** A sign of life came, or what is owed changed. Only a child that owes something keeps this process alive. */
  function rewatch(): void {
    clearTimeout(watch);
    const watched = child;
    if (watched === undefined) return;
    if (pending.size === 0) {
      watched.unref();
      watched.channel?.unref();
      return;
    }
    watched.ref();
    watched.channel?.ref();
    watch = setTimeout(() => lose(watched, MaskletError.of("model_host_hung", { timeoutMs: options.timeoutMs })), options.timeoutMs);
  }

  return {
    ensure() {
      if (closed) throw MaskletError.of("cancelled", {});
      child ??= start();
      return generation;
    },
    call(request, signal) {
      return new Promise((resolve, reject) => {
        if (closed || signal?.aborted) return reject(MaskletError.of("cancelled", {}));
        const to = child ?? start();
        const id = ++lastId;
        const cancel = (): void => {
          if (!pending.delete(id)) return;
          abandoned.add(id);
          if (to === child) tell(to, { t: "cancel", id });
          rewatch();
          reject(MaskletError.of("cancelled", {}));
        };
        signal?.addEventListener("abort", cancel, { once: true });
        const heard = (): void => signal?.removeEventListener("abort", cancel);
        pending.set(id, {
          resolve: (answer) => {
            heard();
            resolve(answer);
          },
          reject: (error) => {
            heard();
            reject(error);
          },
        });
        tell(to, { t: "call", id, request });
        rewatch();
      });
    },
    post(request) {
      if (child !== undefined) tell(child, { t: "call", id: ++lastId, request });
    },
    state() {
      if (child === undefined) return "not-started";
      if (!ready) return "starting";
      return pending.size > 0 || abandoned.size > 0 ? "busy" : "ready";
    },
    pid: () => child?.pid,
    async close() {
      closed = true;
      const closing = child;
      if (closing === undefined) return;
      const ended = new Promise((resolve) => closing.once("exit", resolve));
      closing.ref();
      lose(closing, MaskletError.of("cancelled", {}));
      await ended;
    },
  };
}
