// The threads that do a run's tasks. Stores are shared with them; raw values are read here, where volumes live, and sent along.
import { Worker } from "node:worker_threads";
import { MaskletError, reasonOf, throwIfCancelled } from "#protocol/errors.ts";
import type { Fault } from "#protocol/types.ts";
import type { Size3, Voxels } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";
import { grown, max3, sum3, voxelsIn } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { rawReach } from "./field.ts";
import type { Field } from "./field.ts";
import type { PassLog } from "./pass-log.ts";
import type { LabelTables } from "./relabel.ts";
import type { TaskAnswers } from "./run-task.ts";
import type { TaskOf, TileTask } from "./tile-task.ts";
import type { StorePlan } from "./voxel-store.ts";

export type ToWorker =
  | { readonly say: "size"; readonly size: Size3 }
  | { readonly say: "store"; readonly plan: StorePlan }
  | { readonly say: "drop"; readonly name: string }
  | { readonly say: "plane"; readonly name: string; readonly buffer: SharedArrayBuffer }
  | { readonly say: "tables"; readonly store: string; readonly tables: LabelTables }
  | { readonly say: "task"; readonly task: TileTask; readonly raw: { readonly box: Box3; readonly values: VoxelArray } | undefined };

/** The answer to the one task that was asked. */
export type FromWorker = { readonly answer: TaskAnswers[TileTask["kind"]] } | { readonly fault: Fault };

export interface TilePool {
  /** Tells every thread; what is said reaches it before later tasks do. */
  tell(message: Exclude<ToWorker, { say: "task" | "size" }>): void;
  /**
   * Does the tasks of one pass; answers come in any order, each once. A pass that was done before by a run with the same log is not done
   * again: its answers come from there. A pass without a name is never noted.
   * @throws disk_full, cancelled, internal, and what reading throws
   */
  run<K extends TileTask["kind"]>(pass: string | undefined, tasks: readonly TaskOf<K>[], onAnswer: (nth: number, answer: TaskAnswers[K]) => void): Promise<void>;
  close(): Promise<void>;
}

export interface TilePoolOptions {
  readonly size: Size3;
  readonly threads: number;
  /** Undefined when the raw values are in a store named `raw`. */
  readonly readRaw: ((box: Box3, signal?: AbortSignal) => Promise<Voxels>) | undefined;
  readonly log: PassLog | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onVoxels: (voxels: number) => void;
}

export function createTilePool(options: TilePoolOptions): TilePool {
  const { size, readRaw, log, signal, onVoxels } = options;
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./tile-worker.ts" : "./tile-worker.js", import.meta.url);
  const threads = Array.from({ length: options.threads }, () => openThread(entry, { say: "size", size }));
  const stop = (): void => threads.forEach((thread) => thread.fail(MaskletError.of("cancelled", {})));
  signal?.addEventListener("abort", stop, { once: true });

  async function run<K extends TileTask["kind"]>(pass: string | undefined, tasks: readonly TaskOf<K>[], onAnswer: (nth: number, answer: TaskAnswers[K]) => void): Promise<void> {
    throwIfCancelled(signal);
    const done = new Set<number>();
    const finished = (nth: number, answer: TaskAnswers[K]): void => {
      onVoxels(voxelsIn(boxOf(tasks[nth]!)));
      onAnswer(nth, answer);
    };
    if (pass !== undefined) {
      log?.replay<TaskAnswers[K]>(pass, (nth, answer) => {
        done.add(nth);
        finished(nth, answer);
      });
    }
    const rest = [...tasks.keys()].filter((nth) => !done.has(nth)).values();
    /** The next task with its raw values, read while the thread is still busy with the one before. */
    const prepare = async (): Promise<{ nth: number; message: TaskMessage } | undefined> => {
      const { value: nth } = rest.next();
      if (nth === undefined) return undefined;
      const task: TileTask = tasks[nth]!;
      const box = readRaw === undefined ? undefined : rawBox(task, size);
      return { nth, message: { say: "task", task, raw: box === undefined ? undefined : { box, values: await readRaw!(box, signal) } } };
    };
    await Promise.all(threads.map(async (thread) => {
      let next = prepare();
      for (let ready = await next; ready !== undefined; ready = await next) {
        const answering = thread.ask<K>(ready.message);
        next = prepare();
        // Heard when it is waited for, unless this one fails first.
        next.catch(() => undefined);
        const answer = await answering;
        throwIfCancelled(signal);
        if (pass !== undefined) log?.append(pass, ready.nth, answer);
        finished(ready.nth, answer);
      }
    }));
    if (pass !== undefined) log?.finish(pass);
  }

  return {
    tell: (message) => threads.forEach((thread) => thread.tell(message)),
    run,
    close: async () => {
      signal?.removeEventListener("abort", stop);
      await Promise.all(threads.map((thread) => thread.close()));
      log?.close();
    },
  };
}

type TaskMessage = Extract<ToWorker, { say: "task" }>;

interface Thread {
  tell(message: ToWorker): void;
  /** Asked while it is busy, the thread comes to it later. It answers each kind of task with its own kind of answer. */
  ask<K extends TileTask["kind"]>(message: TaskMessage): Promise<TaskAnswers[K]>;
  fail(error: MaskletError): void;
  close(): Promise<void>;
}

function openThread(entry: URL, hello: ToWorker): Thread {
  const worker = new Worker(entry);
  const state: { failed: MaskletError | undefined; reject: ((error: MaskletError) => void) | undefined; last: Promise<void> } = { failed: undefined, reject: undefined, last: Promise.resolve() };
  const fail = (error: MaskletError): void => {
    state.failed ??= error;
    state.reject?.(state.failed);
  };
  worker.on("error", (cause) => fail(MaskletError.of("internal", { why: `a thread of a classical run failed (${reasonOf(cause)})` }, cause)));
  worker.on("exit", (code) => fail(MaskletError.of("internal", { why: `a thread of a classical run ended with ${code}` })));
  worker.postMessage(hello);
  const ask = <K extends TileTask["kind"]>(message: TaskMessage): Promise<TaskAnswers[K]> => new Promise((resolve, reject) => {
    if (state.failed !== undefined) return reject(state.failed);
    state.reject = reject;
    worker.once("message", (said) => {
      if ("fault" in said) fail(MaskletError.fromFault(said.fault));
      else resolve(said.answer);
    });
    worker.postMessage(message);
  });
  return {
    tell: (message) => worker.postMessage(message),
    ask: <K extends TileTask["kind"]>(message: TaskMessage) => {
      const answer = state.last.then(() => ask<K>(message));
      state.last = answer.then(() => undefined, () => undefined);
      return answer;
    },
    fail,
    close: async () => {
      await worker.terminate();
    },
  };
}

function boxOf(task: TileTask): Box3 {
  return task.kind === "keep" ? task.of.box : task.box;
}

/** The raw values that a task reads; undefined when it reads none. */
function rawBox(task: TileTask, size: Size3): Box3 | undefined {
  const inner = task.kind === "keep" ? task.of : task;
  const members: readonly unknown[] = inner.kind === "paint" ? inner.levels.map(({ inside }) => inside) : Object.values(inner);
  const fields = members.filter((value): value is Field => typeof value === "object" && value !== null && "op" in value);
  const reaches = fields.map(rawReach).filter((reach) => reach !== undefined);
  return reaches.length === 0 ? undefined : grown(inner.box, sum3(reaches.reduce(max3), [1, 1, 1]), size);
}
