// EdgeTAM beside SAM 2.1 tiny, both ours and both with random weights, in turns: the image encoder, and one plane in the middle of a long
// propagation, from its pixels to its memory. Their official sizes are those of the names that the tests have; PyTorch has no part in it.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Checkpoint, CheckpointTensor } from "#models/checkpoints/checkpoint.ts";
import { memoryTokens } from "#models/sam2/config.ts";
import { noPoints } from "#models/sam2/prompt-tensors.ts";
import { createPlaneCore, type Recollection } from "#models/sam2/track-plane.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { openWeights, type OpenedSam2 } from "./sam2-scene.ts";
import { timed, type Bench, type Row } from "./table.ts";

const networks = { edgetam: "edgetam-names.json", tiny: "sam2.1-tiny-names.json" } as const;
const [MEMORIES, POINTERS] = [7, 16];
const defaults = [512, 1024];

export const edgetam: Bench = {
  name: "edgetam",
  async run({ imageSizes = defaults } = {}) {
    const folder = await mkdtemp(join(tmpdir(), "masklet-bench-"));
    const rows: Row[] = [];
    try {
      for (const side of imageSizes) {
        process.stderr.write(`edgetam: at ${side} ...\n`);
        const open = async (names: string) => openWeights(await sam2Weights(randomCheckpoint(names), { imageSize: side }), join(folder, `${side}-${names}`), availableParallelism());
        const [ours, theirs] = [await open(networks.edgetam), await open(networks.tiny)];
        const rounds = side > 512 ? 3 : 7;
        rows.push(await besides("image encoder", side, rounds, encoding(ours, side), encoding(theirs, side)));
        rows.push(await besides(`one plane of one object (${MEMORIES} memories, ${POINTERS} pointers)`, side, rounds, plane(ours, side), plane(theirs, side)));
        await ours.network.close();
        await theirs.network.close();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    return rows;
  },
};

type Work = () => Promise<unknown>;

/** The first round warms both up and is left out. */
async function besides(what: string, side: number, rounds: number, ours: Work, theirs: Work): Promise<Row> {
  const times: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round <= rounds; round++) {
    const [one, other] = [await timed(ours), await timed(theirs)];
    if (round === 0) continue;
    times.ours.push(one.ms);
    times.theirs.push(other.ms);
  }
  return { bench: "edgetam", unit: "ms", measured: { what: `EdgeTAM, ${what}, ${side}`, values: times.ours }, reference: { what: "SAM 2.1 tiny", values: times.theirs } };
}

function encoding({ graphs }: OpenedSam2, side: number): Work {
  const image = noise(3 * side * side);
  return () => graphs.encodeImage(image);
}

/** What the tracker asks of the graphs. */
function plane({ graphs, description }: OpenedSam2, side: number): Work {
  const { config } = description;
  const core = createPlaneCore(graphs, description);
  const image = noise(3 * side * side);
  const past: Recollection = {
    memories: Array.from({ length: MEMORIES }, (_, at) => ({ tokens: new Uint16Array(memoryTokens(config) * config.memoryWidth).fill(0x3f80), row: at })),
    pointers: Array.from({ length: POINTERS }, (_, at) => ({ vector: noise(config.width), distance: at + 1 })),
    pointerFrames: config.maxPointers,
  };
  return async () => {
    const features = await graphs.encodeImage(image);
    const sight = await core.see(features, past, noPoints);
    return core.remember(features, sight.logits, false, false);
  };
}

/** A network of the shapes that a file of names has. What it draws means nothing. */
function randomCheckpoint(file: string): Checkpoint {
  const names: unknown = JSON.parse(readFileSync(new URL(`../../fixtures/checkpoints/${file}`, import.meta.url), "utf8"));
  const tensors = new Map<string, CheckpointTensor>();
  const visit = (tree: unknown, name: string): void => {
    if (isShape(tree)) tensors.set(name, { shape: tree, dtype: name.endsWith("num_batches_tracked") ? "int64" : "float32", read: async () => drawn(name, tree) });
    else for (const [word, below] of Object.entries(Object(tree))) visit(below, name === "" ? word : `${name}.${word}`);
  };
  visit(Object(names).official, "");
  return { file, format: "torch", metadata: {}, tensors, close: async () => {} };
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}

/** Matrices keep the scale of their input; all else is small, but variances. */
function drawn(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (name.endsWith("running_var")) return new Float32Array(size).fill(1);
  const scale = shape.length > 1 ? (shape[0]! / size) ** 0.5 : 0.1;
  return noise(size).map((value) => value * scale);
}

/** Even, of deviation 1, the same each time. */
function noise(count: number): Float32Array {
  const random = seededRandom(1);
  return Float32Array.from({ length: count }, () => (random.uniform() - 0.5) * Math.sqrt(12));
}
