// An object of 40 pixels followed through slices of 2048 x 2048: through a window about four times its size shown to a network
// of 512, as the product does it, beside the official predictor, to which whole slices are shown at 1024.
import { propagate } from "#server/segmentation/propagate.ts";
import { discRun, type OpenedSam2 } from "./sam2-scene.ts";
import type { Row } from "./table.ts";
import type { TorchPeer } from "./torch-peer.ts";

const SIDE = 2048;
/** Planes after which every later one attends to 7 memories, as the peer's. */
const FILLING = 7;

/** @param planes that are measured; some more are walked before */
export async function sliceRow({ network, description }: OpenedSam2, peer: TorchPeer, theirSide: number, planes: number): Promise<Row> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  const count = FILLING + planes;
  const { scene, request } = discRun(network, count, SIDE);
  await peer.ask({ work: "slice", side: SIDE });
  let begun = performance.now();
  let last = 0;
  await propagate(scene, request, {
    onEnd: () => undefined,
    // A run waits for whoever takes its masks, so the two take turns.
    onMask: async ({ index }) => {
      const ms = performance.now() - begun;
      if (index >= FILLING) {
        ours.push((1000 * (index - last)) / ms);
        theirs.push(1000 / (await peer.ask({ work: "slice", side: SIDE })).ms);
      }
      last = index;
      begun = performance.now();
    },
  });
  if (last !== count - 1) throw new Error(`the object ended on plane ${last} of ${count}`);
  return {
    bench: "sam2", unit: "planes/s",
    measured: { what: `40 pixels in ${SIDE} x ${SIDE}, propagate through a window at ${description.config.imageSize}`, values: ours },
    reference: { what: `PyTorch's predictor, whole slices at ${theirSide}`, values: theirs },
  };
}
