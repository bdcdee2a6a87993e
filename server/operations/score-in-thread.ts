// Measuring and judging on a thread of their own, so that whoever else asks the server does not wait. Pixels are read here and sent along.
import { Worker } from "node:worker_threads";
import { asMaskletError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Fault, Progress, Watch } from "#protocol/types.ts";
import { createPlaces } from "#server/jobs/places.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { evaluateAsOrdered, measureAsOrdered } from "./score-order.ts";
import type { EvaluateOrder, MeasureOrder, ReadBoxes, ScoreOrder, ScoreResult, Which } from "./score-order.ts";

export type ToScoreThread =
  | { readonly say: "voxels"; readonly id: number; readonly values: Awaited<ReturnType<ReadBoxes["ids" | "image"]>> }
  | { readonly say: "unread"; readonly id: number; readonly fault: Fault }
  | { readonly say: "cancel" };

export type FromScoreThread =
  | { readonly say: "want"; readonly id: number; readonly which: Which; readonly frame: number; readonly start: Triple; readonly end: Triple }
  | { readonly say: "progress"; readonly progress: Progress }
  | { readonly say: "done"; readonly result: ScoreResult<ScoreOrder> }
  | { readonly say: "failed"; readonly fault: Fault };

/** Few voxels are done with before a thread has started. */
const voxelsHere = 2 ** 17;
/** Of this process, whose memory they take. */
const places = createPlaces(limits.maxScoreThreads);

export async function measureOrdered(order: MeasureOrder, read: ReadBoxes, watch: Watch): Promise<ScoreResult<MeasureOrder>> {
  if (isSmall(order.labels.size, order)) return measureAsOrdered(order, read, watch);
  const result = await places.use(watch.signal, () => inThread(order, read, watch));
  if ("measures" in result) return result;
  throw MaskletError.of("internal", { why: "a thread answered another order" });
}

export async function evaluateOrdered(order: EvaluateOrder, read: ReadBoxes, watch: Watch): Promise<ScoreResult<EvaluateOrder>> {
  if (isSmall(order.truth.size, order)) return evaluateAsOrdered(order, read, watch);
  const result = await places.use(watch.signal, () => inThread(order, read, watch));
  if ("evaluation" in result) return result;
  throw MaskletError.of("internal", { why: "a thread answered another order" });
}

/** To load what draws reports takes long, whatever the size. */
function isSmall([z, y, x]: Triple, order: ScoreOrder): boolean {
  const frames = order.kind === "measure" ? order.frames.length : 1;
  return frames * z * y * x <= voxelsHere && !order.files.some(({ name }) => name === "report.html");
}

async function inThread(order: ScoreOrder, read: ReadBoxes, { signal, onProgress }: Watch): Promise<ScoreResult<ScoreOrder>> {
  if (signal?.aborted) throw MaskletError.of("cancelled", {});
  const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./score-thread.ts" : "./score-thread.js", import.meta.url), { workerData: order });
  const tell = (message: ToScoreThread, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  const give = async ({ id, which, frame, start, end }: Extract<FromScoreThread, { say: "want" }>): Promise<void> => {
    try {
      const values = which === "image" ? await read.image(frame, start, end, signal) : await read.ids(which, frame, start, end, signal);
      // A copy where it is a part of something else, since what is sent on is gone here.
      const own = values.buffer instanceof ArrayBuffer && values.byteLength === values.buffer.byteLength ? values : values.slice();
      tell({ say: "voxels", id, values: own }, own.buffer instanceof ArrayBuffer ? [own.buffer] : []);
    } catch (thrown) {
      tell({ say: "unread", id, fault: asMaskletError(thrown).toFault() });
    }
  };
  const cancel = (): void => tell({ say: "cancel" });
  try {
    return await new Promise((resolve, reject) => {
      const broke = (why: string, cause?: unknown): void => reject(MaskletError.of("internal", { why }, cause));
      worker.on("error", (cause) => broke(`the thread that measures failed (${reasonOf(cause)})`, cause));
      worker.on("exit", (code) => broke(`the thread that measures ended with ${code}`));
      worker.on("message", (said: FromScoreThread) => {
        if (said.say === "want") void give(said);
        else if (said.say === "progress") onProgress?.(said.progress);
        else if (said.say === "done") resolve(said.result);
        else reject(MaskletError.fromFault(said.fault));
      });
      signal?.addEventListener("abort", cancel, { once: true });
    });
  } finally {
    signal?.removeEventListener("abort", cancel);
    await worker.terminate();
  }
}
