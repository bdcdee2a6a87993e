// One network in a process of its own: ID FAMILY FOLDER THREADS. Prints how long the first click takes from opening it on, later ones, and the
// most memory it had with eight objects followed.
import { openNetwork } from "#models/open-network.ts";
import type { RestorableTracker } from "#models/restorable.ts";
import { peakMiB } from "./peak-memory.ts";
import { discBox, discSide, discView, encodingOnce } from "./sam2-scene.ts";
import { steadyWays } from "./sam2-planes.ts";
import { timed } from "./table.ts";

const [id, family, folder, threads] = process.argv.slice(2);
const repeats = 5;
const view = await discView();
const box = discBox(discSide);
const click = async (tracker: RestorableTracker): Promise<void> => {
  await tracker.setPrompt(0, { box });
  await tracker.step(view, 0, "forward");
};
const first = await timed(async () => {
  const network = await openNetwork({ id: id!, family: family === "sam1" ? "sam1" : "sam2", folder: folder!, hash: folder! }, { provider: "cpu", threads: Number(threads) });
  await click(network.createTracker((seen) => network.encode(seen)));
  return network;
});
const network = first.value;
const [plane, known]: [number[], number[]] = [[], []];
for (let repeat = 0; repeat < repeats; repeat++) {
  plane.push((await timed(() => click(network.createTracker((seen) => network.encode(seen))))).ms);
  const encode = encodingOnce(network);
  await encode(view);
  known.push((await timed(() => click(network.createTracker(encode)))).ms);
}
const encode = encodingOnce(network);
for (const way of await steadyWays(network, view, 8)) await way.step(view, encode);
process.stdout.write(`${JSON.stringify({ firstMs: first.ms, planeMs: plane, knownMs: known, peakMiB: peakMiB(process.pid) })}\n`);
await network.close();
