// Entry of a thread that runs a recipe; only ever started by run-in-thread.ts, which says what it is told and tells.
import { parentPort, workerData } from "node:worker_threads";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Box3 } from "./contract.ts";
import { numbersOf } from "./run-in-thread.ts";
import type { FromRecipeThread, RecipeOrder, ToRecipeThread } from "./run-in-thread.ts";
import { runRecipe } from "./run-recipe.ts";
import type { VoxelArray } from "./tiles/box3.ts";

const port = parentPort!;
const order: RecipeOrder = workerData;
const { volume, hasLimits, hasSeeds, ...request } = order;
const cancelled = new AbortController();
const wanted = new Map<number, { resolve(values: VoxelArray): void; reject(error: MaskletError): void }>();
const ids = { next: 0 };

const say = (message: FromRecipeThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

function want(what: "raw" | "limits" | "seeds", box: Box3): Promise<VoxelArray> {
  return new Promise((resolve, reject) => {
    wanted.set(ids.next, { resolve, reject });
    say({ say: "want", id: ids.next++, what, box });
  });
}

/** What is asked for is of the kind that was promised. */
async function wantKind<V extends VoxelArray>(what: "raw" | "limits" | "seeds", box: Box3, isKind: (values: VoxelArray) => values is V): Promise<V> {
  const values = await want(what, box);
  if (!isKind(values)) throw MaskletError.of("internal", { why: `${what} came as another kind of number` });
  return values;
}

const running = runRecipe({
  ...request,
  reader: { ...volume, read: (box) => wantKind("raw", box, (values) => !(values instanceof Uint32Array)) },
  limits: hasLimits ? (box) => wantKind("limits", box, (values) => values instanceof Uint8Array) : undefined,
  seeds: hasSeeds ? (box) => wantKind("seeds", box, (values) => values instanceof Uint32Array) : undefined,
}, { signal: cancelled.signal, onProgress: (progress) => say({ say: "progress", progress }) });

running.then(({ kind, steps, warnings, objects }) => {
  const numbers = numbersOf(objects);
  say({ say: "done", run: { kind, steps, warnings }, objects: numbers }, [numbers.buffer]);
}, (thrown: unknown) => say({ say: "failed", fault: asMaskletError(thrown).toFault() }));

port.on("message", (message: ToRecipeThread) => {
  if (message.say === "cancel") cancelled.abort();
  else if (message.say === "close") void running.then((run) => run.close()).finally(() => say({ say: "closed" }));
  else if (message.say === "read") {
    const { id, box } = message;
    running.then((run) => run.read(box)).then((values) => say({ say: "read", id, values }), (thrown: unknown) => say({ say: "read-failed", id, fault: asMaskletError(thrown).toFault() }));
  } else {
    const { id, values } = message;
    if (values === undefined) wanted.get(id)?.reject(MaskletError.of("internal", { why: "reading failed" }));
    else wanted.get(id)?.resolve(values);
    wanted.delete(id);
  }
});
