// SAM 2.1 tiny with random weights, ours beside PyTorch on this machine's cores: what time the parts, a plane and a whole film
// take, and what memory. Everything measured is measured in turns, so that a busy moment meets both.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { imageInput } from "#models/sam2/input.ts";
import { existingParityPython, parityPython } from "../parity/python-environment.ts";
import { openMatrixFloor } from "./matrix-floor.ts";
import { peakMiB } from "./peak-memory.ts";
import { graphRows } from "./sam2-graphs.ts";
import { longRunRows } from "./sam2-long-run.ts";
import { planeRow } from "./sam2-planes.ts";
import { discView, openCompiled, type OpenedSam2 } from "./sam2-scene.ts";
import { sliceRow } from "./sam2-slices.ts";
import type { Bench, Row } from "./table.ts";
import { openTorchPeer, type TorchPeer } from "./torch-peer.ts";

const variant = "sam2.1_tiny";
const seed = 1;
/** What is followed end to end is seen by us at the first and by the official predictor at the second. */
const [ourSide, theirSide] = [512, 1024];
const longRun = 2000;
const defaults = { imageSizes: [512, 1024], frames: 4 } as const;

export const sam2: Bench = {
  name: "sam2",
  unready: () => (existingParityPython() === undefined ? "sam2 is left out: there is no PyTorch yet. npm run bench -- sam2 makes its environment (downloads about 3 GB) and runs it." : undefined),
  async run({ imageSizes = defaults.imageSizes, frames = defaults.frames } = {}) {
    const python = parityPython();
    const threads = availableParallelism();
    const folder = await mkdtemp(join(tmpdir(), "masklet-bench-"));
    const rows: Row[] = [];
    const say = (what: string) => process.stderr.write(`sam2: ${what} ...\n`);
    try {
      say(`${longRun} planes`);
      const long = join(folder, "long-run");
      await mkdir(long);
      const longRows = await longRunRows(longRun, threads, long);
      const view = await discView();
      for (const side of new Set([...imageSizes, ourSide, theirSide])) await writeFile(join(folder, `image-${side}.f32`), imageInput(view, side));
      const floor = await openMatrixFloor(threads);
      const withBoth = async (ours: number, theirs: number, work: (opened: OpenedSam2, peer: TorchPeer) => Promise<readonly Row[]>): Promise<void> => {
        const peer = await openTorchPeer(python, { variant, seed, imageSize: theirs, threads, folder });
        try {
          const opened = await openCompiled(join(folder, "checkpoint.pt"), { folder, imageSize: ours, threads });
          try {
            rows.push(...await work(opened, peer), memoryRow(ours, theirs, peer));
          } finally {
            await opened.network.close();
            await rm(join(folder, `compiled-${ours}`), { recursive: true });
          }
        } finally {
          await peer.close();
        }
      };
      for (const side of [...imageSizes].sort((a, b) => a - b)) {
        say(`graphs and planes at ${side}`);
        const rounds = side > 512 ? 2 : 5;
        await withBoth(side, side, async (opened, peer) => [
          ...await graphRows(opened, peer, floor, imageInput(view, side), rounds),
          await planeRow(opened, peer, view, 1, { rounds, warming: 1 }),
          await planeRow(opened, peer, view, 8, { rounds: side > 512 ? 1 : 2, warming: 0 }),
        ]);
        if (side === Math.min(...imageSizes)) {
          say("whole slices");
          await withBoth(ourSide, theirSide, async (opened, peer) => [await sliceRow(opened, peer, theirSide, frames)]);
        }
      }
      process.stderr.write(`sam2: one large matrix product does ${floor.rate().toFixed(0)} G multiply-accumulates a second with ${threads} threads\n`);
      await floor.close();
      return [...rows, ...longRows];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Of this process it is the most since it began, smaller sizes and the long run included. */
function memoryRow(ours: number, theirs: number, peer: TorchPeer): Row {
  return {
    bench: "sam2", unit: "MiB",
    measured: { what: `most memory so far, ours with ${ours}`, values: [peakMiB(process.pid)] },
    reference: { what: `PyTorch ${peer.version} with ${theirs}`, values: [peakMiB(peer.pid)] },
  };
}
