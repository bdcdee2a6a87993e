// Faults of the official predictor that the masklet profile mends: each as the reference profile still shows it (frames.test.ts
// holds that against the official program), and mended.
import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox } from "#protocol/mask.ts";
import type { OneWay, Point } from "#protocol/types.ts";
import { sam2Network } from "#models/sam2/network.ts";
import type { Step, Tracker, View } from "#models/tracker.ts";
import { compileFixture, fixture } from "./compiled.ts";
import type { Compiled } from "./compiled.ts";
import { filmView } from "./film-view.ts";
import { readTensors } from "./read-tensors.ts";
import { filmOf, replay } from "./replay.ts";

const film = readTensors(fixture("sam2.1_shrunken.frames.safetensors")).get("film");
// In plane pixels, whose corners are whole.
const click: Point = [49.1, 54.3, 1];
const elsewhere: Point = [20.5, 100.5, 0];
/** Answered on an even grey with an object score far below 0. */
const unseen: readonly Point[] = [[122, 35, 1], [112, 86, 0]];

type Profile = "reference" | "masklet";

function openedBy({ installed, description, graphs }: Compiled, profile: Profile): Tracker {
  const network = sam2Network(installed, description, graphs, { profile });
  return network.createTracker((view) => network.encode(view));
}

function viewOf(frame: number): View {
  return filmView(film, frame);
}

/** @returns the frames' masks, from `start` to `end`, both included */
async function follow(tracker: Tracker, start: number, end: number, direction: OneWay = "forward"): Promise<Step[]> {
  const steps: Step[] = [];
  const stride = direction === "forward" ? 1 : -1;
  for (let frame = start; frame !== end + stride; frame += stride) steps.push(await tracker.step(viewOf(frame), frame, direction));
  return steps;
}

const masks = (steps: readonly Step[]) => steps.map(({ mask }) => mask);

test("a network with all of SAM 2.1's parts", async (t) => {
  const compiled = await compileFixture("sam2.1_shrunken.safetensors");

  /** A click, its run, and another run after frame `corrected` got one more click. */
  async function correct(profile: Profile, corrected: number): Promise<{ before: Step[]; shown: Step; after: Step[] }> {
    const tracker = openedBy(compiled, profile);
    await tracker.setPrompt(0, { points: [click] });
    const before = await follow(tracker, 0, 7);
    await tracker.setPrompt(corrected, { points: [click, elsewhere] });
    const shown = await tracker.step(viewOf(corrected), corrected, "forward");
    return { before, shown, after: await follow(tracker, 0, 7) };
  }

  await t.test("a correction of a tracked frame is overwritten by the next run; mended: it stays, and conditions", async () => {
    const official = await correct("reference", 5);
    assert.notDeepEqual(official.shown.mask, official.before[5]!.mask);
    assert.deepEqual(masks(official.after), masks(official.before));
    const mended = await correct("masklet", 5);
    assert.notDeepEqual(mended.shown.mask, mended.before[5]!.mask);
    assert.deepEqual(mended.after[5]!.mask, mended.shown.mask);
    assert.notDeepEqual(mended.after[6]!.mask, mended.before[6]!.mask);
  });

  await t.test("a correction of the frame prompted first is lost; mended: the run follows it", async () => {
    const official = await correct("reference", 0);
    assert.notDeepEqual(official.shown.mask, official.before[0]!.mask);
    assert.deepEqual(masks(official.after), masks(official.before));
    const mended = await correct("masklet", 0);
    assert.deepEqual(mended.after[0]!.mask, mended.shown.mask);
    assert.notDeepEqual(mended.after[1]!.mask, mended.before[1]!.mask);
  });

  await t.test("a correction of a film's only frame is not a number; mended: it is a mask", async () => {
    const { make } = replay(compiled, filmOf({ film: [0], calls: [] }, film), false);
    const said = (labels: number[]) => ({ call: "points", frame: 0, points: [[48.6, 53.8], [20, 100]].slice(0, labels.length), labels }) as const;
    await make(said([1]));
    await make({ call: "propagate", start: 0, reverse: false });
    const [corrected] = await make(said([1, 0]));
    assert.deepEqual([corrected!.iou, corrected!.objectScore], [NaN, NaN]);

    const tracker = openedBy(compiled, "masklet");
    await tracker.setPrompt(0, { points: [click] });
    await tracker.step(viewOf(0), 0, "forward");
    await tracker.setPrompt(0, { points: [click, elsewhere] });
    const step = await tracker.step(viewOf(0), 0, "forward");
    assert.ok(step.score > 0 && !isEmptyBox(step.mask.box));
  });

  await t.test("frames are followed from a prompt that lies ahead; mended: nothing is followed from what was not yet seen", async () => {
    const official = openedBy(compiled, "reference");
    await official.setPrompt(6, { points: [click] });
    await official.step(viewOf(6), 6, "forward");
    assert.ok((await official.step(viewOf(0), 0, "forward")).score > 0);
    const mended = openedBy(compiled, "masklet");
    await mended.setPrompt(6, { points: [click] });
    await mended.step(viewOf(6), 6, "forward");
    await assert.rejects(mended.step(viewOf(0), 0, "forward"), (thrown) => thrown instanceof MaskletError && thrown.code === "nothing_prompted");
  });

  await t.test("a run backward depends on whether one forward came before; mended: it does not", async () => {
    const backward = async (profile: Profile, forwardFirst: boolean) => {
      const tracker = openedBy(compiled, profile);
      await tracker.setPrompt(0, { points: [click] });
      await tracker.setPrompt(6, { points: [[65.5, 63, 1]] });
      await follow(tracker, 0, 0);
      await follow(tracker, 6, 6);
      if (forwardFirst) await follow(tracker, 7, 9);
      return masks(await follow(tracker, 5, 2, "backward"));
    };
    assert.notDeepEqual(await backward("reference", true), await backward("reference", false));
    assert.deepEqual(await backward("masklet", true), await backward("masklet", false));
  });

  await t.test("a click on what the network does not see is answered by nothing; mended: by what it would be", async () => {
    const clicked = async (profile: Profile) => {
      const tracker = openedBy(compiled, profile);
      await tracker.setPrompt(0, { points: [...unseen] });
      return tracker.step({ ...viewOf(0), pixels: new Float32Array(viewOf(0).pixels.length).fill(128) }, 0, "forward");
    };
    const official = await clicked("reference");
    assert.ok(official.presence < 0.5 && isEmptyBox(official.mask.box));
    assert.ok(!isEmptyBox((await clicked("masklet")).mask.box));
  });
});
