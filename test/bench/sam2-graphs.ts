// Each graph of a compiled SAM 2 beside the same part in PyTorch, turn by turn, and beside its arithmetic at this machine's rate.
import type { Sam2Graphs } from "#models/sam2/graphs.ts";
import { gridSide, logitSide } from "#models/sam2/config.ts";
import type { MatrixFloor } from "./matrix-floor.ts";
import { attentionArithmetic, tinyArithmetic } from "./sam2-arithmetic.ts";
import type { OpenedSam2 } from "./sam2-scene.ts";
import { timed, type Row, type Samples } from "./table.ts";
import type { PeerWork, TorchPeer } from "./torch-peer.ts";

interface Part {
  readonly what: string;
  readonly ours: (graphs: Sam2Graphs) => Promise<unknown>;
  readonly theirs: PeerWork;
  /** Multiply-accumulates, with what they are of. */
  readonly floors: readonly { readonly of: string; readonly products: number | undefined }[];
}

const POINTERS = 16;

/** @param image `[3, S, S]` normalised, the same that the peer has. @throws when the two encoders do not say the same */
export async function graphRows({ graphs, description: { config } }: OpenedSam2, peer: TorchPeer, floor: MatrixFloor, image: Float32Array, rounds: number): Promise<Row[]> {
  const { imageSize: side, width, memoryWidth } = config;
  const places = gridSide(config) ** 2;
  const features = await graphs.encodeImage(image);
  const { meanSize } = await peer.ask({ work: "image_encoder" });
  const ownSize = features.s2.reduce((sum, value) => sum + Math.abs(value), 0) / features.s2.length;
  if (Math.abs(ownSize / meanSize! - 1) > 1e-3) throw new Error(`the two encoders differ: mean size ${ownSize} and ${meanSize}`);

  const known = tinyArithmetic(side);
  const attention = (frames: number): Part => {
    const input = {
      s2: features.s2, memory: noise(frames * places * memoryWidth), temporal: noise(frames * memoryWidth),
      pointers: noise(POINTERS * width), pointerTimes: noise(POINTERS * width),
    };
    return {
      what: `memory attention, ${frames} frame${frames === 1 ? "" : "s"} and ${POINTERS} pointers`,
      ours: (graphs) => graphs.attend(input),
      theirs: { work: "memory_attention", frames, pointers: POINTERS },
      floors: [
        { of: "as published", products: attentionArithmetic(config, frames, POINTERS, false) },
        { of: "as compiled", products: attentionArithmetic(config, frames, POINTERS, true) },
      ],
    };
  };
  const logits = noise(logitSide(config) ** 2);
  const [points, labels] = [Float32Array.of(side / 2, side / 2, 0, 0), Float32Array.of(1, -1)];
  const parts: Part[] = [
    { what: "image encoder", ours: (graphs) => graphs.encodeImage(image), theirs: { work: "image_encoder" }, floors: [{ of: "as published", products: known?.imageEncoder }] },
    attention(1),
    attention(7),
    { what: "memory encoder", ours: (graphs) => graphs.encodeMemory({ s2: features.s2, logits, binarise: false, absent: false }), theirs: { work: "memory_encoder" }, floors: [{ of: "as published", products: known?.memoryEncoder }] },
    { what: "mask decoder, one prompt", ours: (graphs) => graphs.decode({ conditioned: features.s2, features, points, labels, batch: 1 }), theirs: { work: "mask_decoder" }, floors: [{ of: "as published", products: known?.maskDecoder }] },
  ];

  const times = parts.map((): { readonly ours: number[]; readonly theirs: number[] } => ({ ours: [], theirs: [] }));
  // The first round warms both up and is left out.
  for (let round = 0; round <= rounds; round++) {
    for (const [at, { ours, theirs }] of parts.entries()) {
      const { ms } = await timed(() => ours(graphs));
      const answer = await peer.ask(theirs);
      await floor.measure();
      if (round === 0) continue;
      times[at]!.ours.push(ms);
      times[at]!.theirs.push(answer.ms);
    }
  }
  return parts.flatMap(({ what, floors }, at): Row[] => {
    const measured: Samples = { what: `${what}, ${side}`, values: times[at]!.ours };
    const row = (reference: Samples): Row => ({ bench: "sam2", unit: "ms", measured, reference });
    const known = floors.flatMap(({ of, products }) => (products === undefined ? [] : [row({ what: `${(products / 1e9).toFixed(1)} G multiply-accumulates (${of}) as one matrix product`, values: [floor.msOf(products)] })]));
    return [row({ what: "PyTorch", values: times[at]!.theirs }), ...known];
  });
}

/** Even, of deviation 1, the same each time. */
function noise(count: number): Float32Array {
  const values = new Float32Array(count);
  let state = 1;
  for (let at = 0; at < count; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[at] = (state / 2 ** 32 - 0.5) * Math.sqrt(12);
  }
  return values;
}
