// Entry of a thread that measures or judges; only ever started by score-in-thread.ts, which says what it is told and tells.
import { parentPort, workerData } from "node:worker_threads";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { FromScoreThread, ToScoreThread } from "./score-in-thread.ts";
import { evaluateAsOrdered, measureAsOrdered } from "./score-order.ts";
import type { ReadBoxes, ScoreOrder, Which } from "./score-order.ts";

type Values = Extract<ToScoreThread, { say: "voxels" }>["values"];

const port = parentPort!;
const order: ScoreOrder = workerData;
const cancelled = new AbortController();
const wanted = new Map<number, { resolve(values: Values): void; reject(error: MaskletError): void }>();
const ids = { next: 0 };

const say = (message: FromScoreThread): void => port.postMessage(message);

function want(which: Which, frame: number, start: Triple, end: Triple): Promise<Values> {
  return new Promise((resolve, reject) => {
    wanted.set(ids.next, { resolve, reject });
    say({ say: "want", id: ids.next++, which, frame, start, end });
  });
}

/** What is asked for is of the kind that was promised. */
const wrongKind = (): MaskletError => MaskletError.of("internal", { why: "voxels came as another kind of number" });

const read: ReadBoxes = {
  ids: async (which, frame, start, end) => {
    const values = await want(which, frame, start, end);
    if (!(values instanceof Uint32Array)) throw wrongKind();
    return values;
  },
  image: async (frame, start, end) => {
    const values = await want("image", frame, start, end);
    if (values instanceof Uint32Array) throw wrongKind();
    return values;
  },
};

port.on("message", (message: ToScoreThread) => {
  if (message.say === "cancel") return cancelled.abort();
  const { id } = message;
  if (message.say === "voxels") wanted.get(id)?.resolve(message.values);
  else wanted.get(id)?.reject(MaskletError.fromFault(message.fault));
  wanted.delete(id);
});

const watch = { signal: cancelled.signal, onProgress: (progress: Extract<FromScoreThread, { say: "progress" }>["progress"]) => say({ say: "progress", progress }) };
(order.kind === "measure" ? measureAsOrdered(order, read, watch) : evaluateAsOrdered(order, read, watch)).then(
  (result) => say({ say: "done", result }),
  (thrown: unknown) => say({ say: "failed", fault: asMaskletError(thrown).toFault() }),
);
