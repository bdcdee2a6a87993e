// What memories of earlier planes should become when an object's window moves: kept as they were seen, shifted by whole cells with
// the window, or looked at anew through it (the prompted plane and the last six). On phantoms, with the small trained network.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Box, Mask } from "#protocol/types.ts";
import { unpackMask } from "#protocol/mask.ts";
import { openSam2Network } from "#models/sam2/network.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { propagate } from "#server/segmentation/propagate.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { memoryVolume } from "../contracts/memory-volume.ts";
import { installSmallSam2, smallSam2 } from "../small-sam2.ts";
import { timed, type Bench, type Row } from "./table.ts";

const policies = ["keep", "shift", "recall"] as const;
const seeds = [21, 22, 23, 24];
const shape = { t: 1, c: 1, z: 40, y: 224, x: 224 };
const fibres = 8;

/** Voxels `[z, y, x]`; labels count from 1. */
interface FibreVolume {
  readonly raw: Float32Array;
  readonly labels: Uint8Array;
}

export const windows: Bench = {
  name: "windows",
  async run() {
    const home = await mkdtemp(join(tmpdir(), "masklet-windows-"));
    try {
      const folder = await installSmallSam2(home);
      const rows: Row[] = [];
      const found = new Map<string, { dice: number[]; ms: number[] }>(policies.map((policy) => [policy, { dice: [], ms: [] }]));
      for (const seed of seeds) {
        const volume = makeFibres(seed);
        for (const policy of policies) {
          const { ms, value } = await timed(() => follow(folder, volume, policy));
          found.get(policy)!.dice.push(...value);
          found.get(policy)!.ms.push(ms / value.length);
        }
      }
      for (const policy of policies) {
        const { dice, ms } = found.get(policy)!;
        rows.push({ bench: "windows", unit: "%", measured: { what: `memories of a moved window: ${policy}, Dice`, values: dice.map((one) => 100 * one) }, reference: { what: "keep", values: found.get("keep")!.dice.map((one) => 100 * one) } });
        rows.push({ bench: "windows", unit: "ms", measured: { what: `time an object: ${policy}`, values: ms }, reference: { what: "keep", values: found.get("keep")!.ms } });
      }
      return rows;
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

/** @returns each fibre's Dice over the whole volume, from one box on its middle plane */
async function follow(folder: string, { raw, labels }: FibreVolume, policy: (typeof policies)[number]): Promise<number[]> {
  const network = await openSam2Network({ id: smallSam2, family: "sam2", folder, hash: "windows" }, { pan: policy === "shift" ? "shift" : "keep", provider: "cpu" });
  const source = memoryVolume(shape, (_t, _c, z, y, x) => raw[(z * shape.y + y) * shape.x + x]!);
  const trackers: TrackerSource = {
    openTracker: async () => network.createTracker((view) => network.encode(view)),
    clicks: async (_model, view, request) => network.clicks(await network.encode(view), view, request),
    encodeAhead: async () => undefined,
  };
  try {
    const masks: Mask[] = [];
    const z = shape.z / 2;
    const objects = Array.from({ length: fibres }, (_, at) => ({ objectId: at + 1, box: boxOn(labels, z, at + 1) })).filter(({ box }) => box[2] > box[0] + 4 && box[3] > box[1] + 4);
    await propagate(
      { source, view: { range: [0, 255], invert: false, sigma: 1 }, trackers, model: smallSam2, window: "object", windowMemory: policy === "recall" ? "recall" : "keep" },
      { objects: objects.map(({ objectId, box }) => ({ objectId, prompts: [{ cut: { axis: "z" as const, index: z }, parts: { box } }] })), along: "z", direction: "both" },
      { onMask: (mask) => void masks.push(mask), onEnd: () => undefined },
    );
    return objects.map(({ objectId }) => dice(labels, objectId, masks.filter((mask) => mask.objectId === objectId)));
  } finally {
    await network.close();
  }
}

/** Straight cylinders, 5 to 8 pixels thick in radius, that wander by up to 2.5 pixels a plane, bright in noise of a third of their contrast. */
function makeFibres(seed: number): FibreVolume {
  const random = seededRandom(seed);
  const labels = new Uint8Array(shape.z * shape.y * shape.x);
  const raw = new Float32Array(labels.length);
  for (let id = 1; id <= fibres; id++) {
    const radius = random.between(5, 8);
    const middle = [random.between(60, shape.y - 60), random.between(60, shape.x - 60)] as const;
    const slope = [random.between(-2.5, 2.5), random.between(-2.5, 2.5)] as const;
    for (let z = 0, at = 0; z < shape.z; z++) {
      const y0 = middle[0] + slope[0] * (z - shape.z / 2);
      const x0 = middle[1] + slope[1] * (z - shape.z / 2);
      for (let y = 0; y < shape.y; y++) for (let x = 0; x < shape.x; x++, at++) if (labels[at] === 0 && (y - y0) ** 2 + (x - x0) ** 2 < radius ** 2) labels[at] = id;
    }
  }
  for (let at = 0; at < raw.length; at++) raw[at] = (labels[at] === 0 ? 90 : 165) + 25 * random.normal();
  return { raw, labels };
}

/** One pixel loose. */
function boxOn(labels: Uint8Array, z: number, id: number): Box {
  const box: Box = [shape.x, shape.y, 0, 0];
  for (let y = 0, at = z * shape.y * shape.x; y < shape.y; y++) {
    for (let x = 0; x < shape.x; x++, at++) {
      if (labels[at] !== id) continue;
      box[0] = Math.min(box[0], Math.max(0, x - 1));
      box[1] = Math.min(box[1], Math.max(0, y - 1));
      box[2] = Math.max(box[2], Math.min(shape.x, x + 2));
      box[3] = Math.max(box[3], Math.min(shape.y, y + 2));
    }
  }
  return box;
}

function dice(labels: Uint8Array, id: number, masks: readonly Mask[]): number {
  let both = 0;
  let sum = labels.reduce((count, label) => count + Number(label === id), 0);
  for (const mask of masks) {
    const { box, data } = unpackMask(mask);
    for (let v = box[1], at = 0; v < box[3]; v++) {
      for (let u = box[0]; u < box[2]; u++, at++) {
        if (data[at] === 0) continue;
        sum++;
        if (labels[(mask.index * shape.y + v) * shape.x + u] === id) both++;
      }
    }
  }
  return (2 * both) / sum;
}
