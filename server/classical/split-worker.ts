// Entry of a thread that parts one body of voxels; only ever started by split-in-worker.ts, which says what workerData is.
import { parentPort, workerData } from "node:worker_threads";
import { splitVoxels } from "#server/classical/kernels/split-voxels.ts";

const parted = splitVoxels(workerData);
parentPort?.postMessage(parted, [parted.labels.buffer]);
