// Entry of a thread that does tasks one after another; only ever started by tile-pool.ts.
import { parentPort } from "node:worker_threads";
import { asMaskletError } from "#protocol/errors.ts";
import type { Fault } from "#protocol/types.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { cropped } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { runTask } from "./run-task.ts";
import type { TaskSources } from "./run-task.ts";
import type { FromWorker, ToWorker } from "./tile-pool.ts";
import { openStore } from "./voxel-store.ts";
import type { VoxelStore } from "./voxel-store.ts";
import { relabelled } from "./relabel.ts";
import type { LabelTables } from "./relabel.ts";
import type { Box3 } from "../contract.ts";

const port = parentPort!;
const stores = new Map<string, VoxelStore>();
const planes = new Map<string, Float32Array>();
const tables = new Map<string, LabelTables>();
const state: { size: Size3; raw: { box: Box3; values: VoxelArray } | undefined; fault: Fault | undefined } = { size: [0, 0, 0], raw: undefined, fault: undefined };

const sources: TaskSources = {
  get size() { return state.size; },
  raw: (box) => state.raw === undefined ? stores.get("raw")!.read(box) : cropped(state.raw.values, state.raw.box, box),
  store: (name, box) => {
    const values = stores.get(name)!.read(box);
    const table = tables.get(name);
    return table === undefined || !(values instanceof Uint32Array) ? values : relabelled(values, box, table);
  },
  plane: (name) => planes.get(name)!,
  write: (store, box, values) => stores.get(store)!.write(box, values),
};

const say = (message: FromWorker): void => port.postMessage(message);

port.on("message", (message: ToWorker) => {
  try {
    switch (message.say) {
      case "size":
        state.size = message.size;
        return;
      case "store":
        stores.get(message.plan.name)?.close();
        tables.delete(message.plan.name);
        stores.set(message.plan.name, openStore(message.plan));
        return;
      case "drop":
        stores.get(message.name)?.close();
        stores.delete(message.name);
        tables.delete(message.name);
        return;
      case "plane":
        planes.set(message.name, new Float32Array(message.buffer));
        return;
      case "tables":
        tables.set(message.store, message.tables);
        return;
      case "task":
        state.raw = message.raw;
        say(state.fault === undefined ? { answer: runTask(message.task, sources) } : { fault: state.fault });
        return;
    }
  } catch (thrown) {
    const fault = asMaskletError(thrown).toFault();
    // Only tasks are answered: what failed before one is told in its place.
    if (message.say === "task") say({ fault });
    else state.fault ??= fault;
  }
});
