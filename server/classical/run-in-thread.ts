// runRecipe on a thread of its own, so that whoever else asks the server does not wait while labels of a large volume are joined. What only this
// side has, the pixels and what a person drew, is read here and sent along.
import { Worker } from "node:worker_threads";
import { asMaskletError, isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import type { Fault } from "#protocol/types.ts";
import type { Box3, ClassicalObject, ClassicalProgress, ClassicalRequest, ClassicalRun, RunRecipe } from "./contract.ts";
import type { VoxelArray } from "./tiles/box3.ts";

/** What a thread starts with. */
export interface RecipeOrder extends Omit<ClassicalRequest, "reader" | "limits" | "seeds"> {
  readonly volume: Omit<ClassicalRequest["reader"], "read">;
  readonly hasLimits: boolean;
  readonly hasSeeds: boolean;
}

export type ToRecipeThread =
  /** Undefined values: reading them failed. */
  | { readonly say: "voxels"; readonly id: number; readonly values: VoxelArray | undefined }
  | { readonly say: "cancel" }
  | { readonly say: "read"; readonly id: number; readonly box: Box3 }
  | { readonly say: "close" };

export type FromRecipeThread =
  | { readonly say: "want"; readonly id: number; readonly what: "raw" | "limits" | "seeds"; readonly box: Box3 }
  | { readonly say: "progress"; readonly progress: ClassicalProgress }
  /** The objects as `objectNumbers` numbers each. */
  | { readonly say: "done"; readonly run: Pick<ClassicalRun, "kind" | "steps" | "warnings">; readonly objects: Float64Array }
  | { readonly say: "read"; readonly id: number; readonly values: Awaited<ReturnType<ClassicalRun["read"]>> }
  | { readonly say: "read-failed"; readonly id: number; readonly fault: Fault }
  | { readonly say: "closed" }
  | { readonly say: "failed"; readonly fault: Fault };

export const objectNumbers = 8;

/** Objects that are made at a stretch: some milliseconds. */
const objectsAtOnce = 20_000;

/** As `runRecipe`, in all it gives and throws; `read` and `close` of what it gives need the thread, which `close` ends. */
export const runRecipeInThread: RunRecipe = async (request, { signal, onProgress }) => {
  if (signal?.aborted) throw MaskletError.of("cancelled", {});
  const { reader, limits, seeds, ...rest } = request;
  const { size, dtype, spacing } = reader;
  const order: RecipeOrder = { ...rest, volume: { size, dtype, spacing }, hasLimits: limits !== undefined, hasSeeds: seeds !== undefined };
  const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./recipe-thread.ts" : "./recipe-thread.js", import.meta.url), { workerData: order });
  const tell = (message: ToRecipeThread, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  const thrown: { value: unknown; known: boolean } = { value: undefined, known: false };
  const give = async (id: number, what: "raw" | "limits" | "seeds", box: Box3): Promise<void> => {
    try {
      // A copy, since what is sent on is gone here.
      const values = (await (what === "raw" ? reader.read(box, signal) : what === "limits" ? limits!(box) : seeds!(box))).slice();
      tell({ say: "voxels", id, values }, [values.buffer]);
    } catch (fault) {
      if (!thrown.known) Object.assign(thrown, { value: fault, known: true });
      tell({ say: "voxels", id, values: undefined });
    }
  };
  const waiting = new Map<number, { resolve(values: Awaited<ReturnType<ClassicalRun["read"]>>): void; reject(fault: unknown): void }>();
  const cancel = (): void => tell({ say: "cancel" });
  const ended = { error: undefined as MaskletError | undefined, closed: (): void => undefined };
  try {
    const done = await new Promise<Extract<FromRecipeThread, { say: "done" }>>((resolve, reject) => {
      const fail = (error: MaskletError): void => {
        ended.error ??= error;
        reject(ended.error);
        for (const { reject: refuse } of waiting.values()) refuse(ended.error);
        ended.closed();
      };
      worker.on("error", (cause) => fail(MaskletError.of("internal", { why: `the thread of a classical run failed (${reasonOf(cause)})` }, cause)));
      worker.on("exit", (code) => fail(MaskletError.of("internal", { why: `the thread of a classical run ended with ${code}` })));
      worker.on("message", (said: FromRecipeThread) => {
        if (said.say === "want") void give(said.id, said.what, said.box);
        else if (said.say === "progress") onProgress?.(said.progress);
        else if (said.say === "done") resolve(said);
        else if (said.say === "failed") reject(thrown.known ? asRun(thrown.value) : MaskletError.fromFault(said.fault));
        else if (said.say === "closed") ended.closed();
        else {
          if (said.say === "read") waiting.get(said.id)?.resolve(said.values);
          else waiting.get(said.id)?.reject(MaskletError.fromFault(said.fault));
          waiting.delete(said.id);
        }
      });
      signal?.addEventListener("abort", cancel, { once: true });
    });
    const objects = await objectsOf(done.objects);
    const ids = { next: 0 };
    return {
      ...done.run, objects,
      read: (box) => new Promise((resolve, reject) => {
        if (ended.error !== undefined) return reject(ended.error);
        waiting.set(ids.next, { resolve, reject });
        tell({ say: "read", id: ids.next++, box });
      }),
      close: async () => {
        if (ended.error !== undefined) return;
        await new Promise<void>((resolve) => {
          ended.closed = resolve;
          tell({ say: "close" });
        });
        await worker.terminate();
      },
    };
  } catch (fault) {
    await worker.terminate();
    throw fault;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
};

/** What a run throws where reading threw this: what readers and the disk say in their own words; all else is passed on as it is. */
export function asRun(thrown: unknown): unknown {
  return isSystemError(thrown, "ENOSPC", "EDQUOT") || (thrown instanceof Error && thrown.name === "AbortError") ? asMaskletError(thrown) : thrown;
}

/** Numbers of objects; their ids are 1, 2, ... */
export function numbersOf(objects: readonly ClassicalObject[]): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(objectNumbers * objects.length);
  for (const [nth, { voxels, box, seed }] of objects.entries()) numbers.set([voxels, ...box.start, ...box.end, seed], objectNumbers * nth);
  return numbers;
}

async function objectsOf(numbers: Float64Array): Promise<ClassicalObject[]> {
  const objects: ClassicalObject[] = [];
  for (let at = 0; at < numbers.length; at += objectNumbers) {
    const number = (nth: number): number => numbers[at + nth]!;
    objects.push({ id: objects.length + 1, voxels: number(0), box: { start: [number(1), number(2), number(3)], end: [number(4), number(5), number(6)] }, seed: number(7) });
    if (objects.length % objectsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return objects;
}
