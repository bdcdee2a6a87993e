// One plane in the middle of a long propagation, with 7 memories and 16 pointers for each object, beside the official predictor.
import type { Network } from "#models/network.ts";
import type { View } from "#models/tracker.ts";
import type { RestorableTracker, Trace } from "#models/restorable.ts";
import { encodingOnce, type OpenedSam2 } from "./sam2-scene.ts";
import { timed, type Row } from "./table.ts";
import type { TorchPeer } from "./torch-peer.ts";

/** The first plane that has everything behind it that a plane can have: the prompted one and as many pointers as count. */
const STEADY = 16;

export interface Rounds {
  /** Before those that count; minutes for many objects, which need none after one. */
  readonly warming: number;
  readonly rounds: number;
}

/** @param objects that share one window, so that each plane is encoded once */
export async function planeRow({ network, description }: OpenedSam2, peer: TorchPeer, view: View, objects: number, { warming, rounds }: Rounds): Promise<Row> {
  const ways = await steadyWays(network, view, objects);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < warming + rounds; round++) {
    const encode = encodingOnce(network);
    const { ms } = await timed(async () => {
      for (const { step } of ways) await step(view, encode);
    });
    const answer = await peer.ask({ work: "plane", objects, side: view.width });
    if (round < warming) continue;
    ours.push(ms);
    theirs.push(answer.ms);
  }
  return {
    bench: "sam2", unit: "ms",
    measured: { what: `one plane of ${objects} object${objects === 1 ? "" : "s"} through the tracker, ${description.config.imageSize}`, values: ours },
    reference: { what: "PyTorch's predictor", values: theirs },
  };
}

/** One of several objects, as it is in the middle of a long run. */
export interface Steady {
  step(view: View, encode: Encode): Promise<void>;
}

type Encode = ReturnType<typeof encodingOnce>;

/** @param view what all planes so far looked like */
export async function steadyWays(network: Network, view: View, objects: number): Promise<Steady[]> {
  const known = await oneFollowed(network.createTracker(encodingOnce(network)), view);
  const ways: Steady[] = [];
  for (let object = 0; object < objects; object++) ways.push(await steady((encode) => network.createTracker(encode), known));
  return ways;
}

/** What a tracker knows of a prompted plane and the one after. */
async function oneFollowed(tracker: RestorableTracker, view: View): Promise<readonly Trace[]> {
  await tracker.setPrompt(0, { box: middleOf(view) });
  const { mask } = await tracker.step(view, 0, "forward");
  await tracker.recall(view, 1, "forward", mask);
  return [...tracker.traces(0), ...tracker.traces(1)];
}

/** A tracker that has been told that all planes since were like the first. */
async function steady(createTracker: (encode: Encode) => RestorableTracker, known: readonly Trace[]): Promise<Steady> {
  let current: Encode | undefined;
  const tracker = createTracker((view) => current!(view));
  await tracker.setPrompt(0, { box: [0, 0, 1, 1] });
  const [after] = known.filter(({ index }) => index === 1);
  const later = Array.from({ length: STEADY - 1 }, (_, at) => ({ ...after!, index: at + 1 }));
  tracker.restore([...known.filter(({ index }) => index === 0), ...later]);
  return {
    async step(view, encode) {
      current = encode;
      const { end } = await tracker.step(view, STEADY, "forward");
      if (end !== undefined) throw new Error(`the object ended: ${end}`);
    },
  };
}

/** In pixels of the plane. */
function middleOf({ box: [u0, v0, u1, v1] }: View): [number, number, number, number] {
  const [width, height] = [u1 - u0, v1 - v0];
  return [u0 + width * 0.4, v0 + height * 0.4, u0 + width * 0.6, v0 + height * 0.6];
}
