// splitVoxels beside the server's own thread: a million voxels take seconds, and whoever else asks must not wait for them.
import { Worker } from "node:worker_threads";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import type { SplitJob, SplitVoxels } from "#server/classical/kernels/split-voxels.ts";

/** @throws cancelled, at once, when the signal fires; internal when the thread fails, as it does without memory */
export function splitInWorker(job: SplitJob, signal: AbortSignal | undefined): Promise<SplitVoxels> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return void reject(MaskletError.of("cancelled", {}));
    const entry = new URL(import.meta.url.endsWith(".ts") ? "./split-worker.ts" : "./split-worker.js", import.meta.url);
    const worker = new Worker(entry, { workerData: job });
    const cancel = (): void => settle(() => reject(MaskletError.of("cancelled", {})));
    const settle = (tell: () => void): void => {
      signal?.removeEventListener("abort", cancel);
      tell();
      void worker.terminate();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    worker.once("message", (parted: SplitVoxels) => settle(() => resolve(parted)));
    worker.once("error", (cause) => settle(() => reject(MaskletError.of("internal", { why: `parting an object failed (${reasonOf(cause)})` }, cause))));
    worker.once("exit", (code) => settle(() => reject(MaskletError.of("internal", { why: `parting an object ended with ${code}` }))));
  });
}
