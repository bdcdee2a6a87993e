// EdgeTAM beside SAM 2.1 tiny, both ours and both with random weights, in turns: the image encoder, and one plane in the middle of a long
// propagation, from its pixels to its memory. Their official sizes are those of the names that the tests have; PyTorch has no part in it.
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { memoryTokens } from "#models/sam2/config.ts";
import { noPoints } from "#models/sam2/prompt-tensors.ts";
import { createPlaneCore, type Recollection } from "#models/sam2/track-plane.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import { noise, randomCheckpoint } from "./random-checkpoint.ts";
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
