// What every tracker must hold to, whatever network is behind it. Run over each implementation by tracker.test.ts.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { isEmptyBox, maskIou, packMask, unpackMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Step, Tracker, TrackerSource, View } from "#models/tracker.ts";
import { constantView, disc, discBox, discCentre, lastPlane, pannedWindow, planes, viewOf } from "./tracker-scene.ts";

export interface TrackerUnderTest {
  readonly source: TrackerSource;
  readonly model: string;
  close(): Promise<void>;
}

/**
 * @param leastIou what its masks must reach on an easy disc
 * @param patience planes in a row without the object that it bears before it ends
 * @param beyond what its weights (not its code) are not good enough for, with the reason; shown as skipped
 */
export function trackerContract(name: string, leastIou: number, make: () => Promise<TrackerUnderTest>, patience = 0, beyond: { readonly toldMasks?: string; readonly pans?: string } = {}): void {
  describe(`tracker: ${name}`, () => {
    let under: TrackerUnderTest | undefined;
    before(async () => {
      under = await make();
    });
    after(() => under?.close());

    async function open(): Promise<Tracker> {
      assert.ok(under);
      return under.source.openTracker(under.model);
    }

    async function prompted(index = 1): Promise<Tracker> {
      const tracker = await open();
      await tracker.setPrompt(index, { box: discBox(index) });
      return tracker;
    }

    it("finds the prompted disc, in plane pixels inside the view's box", async () => {
      const tracker = await prompted();
      const step = await tracker.step(viewOf(1), 1, "forward");
      assertOn(step, 1, leastIou);
      assertInside(step, viewOf(1));
      assert.equal(step.mask.data.length, (step.mask.box[2] - step.mask.box[0]) * (step.mask.box[3] - step.mask.box[1]));
      assert.ok(step.score > 0 && step.score <= 1 && step.presence > 0 && step.presence <= 1);
      await tracker.close();
    });

    it("follows it in both directions", async () => {
      const tracker = await prompted(2);
      assertOn(await tracker.step(viewOf(2), 2, "forward"), 2, leastIou);
      for (const index of [3, 4]) assertOn(await tracker.step(viewOf(index), index, "forward"), index, leastIou);
      for (const index of [1, 0]) assertOn(await tracker.step(viewOf(index), index, "backward"), index, leastIou);
      await tracker.close();
    });

    it(`ends with a reason ${patience === 0 ? "where the object is gone" : `within ${patience + 1} planes without the object`}`, async () => {
      const tracker = await prompted(lastPlane);
      await tracker.step(viewOf(lastPlane), lastPlane, "forward");
      const end = await untilEnd(tracker, (index) => viewOf(index), lastPlane + 1, patience);
      const beyond = await tracker.step(viewOf(lastPlane), end + 1, "forward");
      assert.notEqual(beyond.end, undefined, "it does not come back to life, even where the object is to be seen again");
      await tracker.close();
    });

    it("neither throws nor invents anything on a plane that is all alike", async () => {
      const tracker = await prompted(1);
      await tracker.step(viewOf(1), 1, "forward");
      await untilEnd(tracker, () => constantView(), 2, patience);
      await tracker.setPrompt(5, { box: discBox(1) });
      const step = await tracker.step(constantView(), 5, "forward");
      if (isEmptyBox(step.mask.box)) assert.equal(step.end, "empty");
      assertInside(step, constantView());
      await tracker.close();
    });

    it("answers the same calls with the same masks", async () => {
      const runs: Step[][] = [];
      for (let run = 0; run < 2; run++) {
        const tracker = await prompted(1);
        runs.push([await tracker.step(viewOf(1), 1, "forward"), await tracker.step(viewOf(2), 2, "forward"), await tracker.step(viewOf(0), 0, "backward")]);
        await tracker.close();
      }
      assert.deepEqual(runs[0], runs[1]);
    });

    it("takes points, a polygon and a mask as well", async () => {
      const tracker = await open();
      const [u, v] = discCentre(1);
      const [u0, v0, u1, v1] = discBox(1);
      const truth = packMask(disc(1));
      const prompts = [
        { points: [[u, v, 1] satisfies [number, number, 1]] },
        { polygon: [[u, v0], [u1, v], [u, v1], [u0, v]] satisfies [number, number][] },
        { mask: { box: truth.box, bits: truth.bits } },
        { box: discBox(1), points: [[u, v, 1] satisfies [number, number, 1], [u0 - 8, v0 - 6, 0] satisfies [number, number, 0]] },
      ];
      for (const prompt of prompts) {
        await tracker.setPrompt(1, prompt);
        assertOn(await tracker.step(viewOf(1), 1, "forward"), 1, leastIou - 0.1, Object.keys(prompt).join());
      }
      await tracker.close();
    });

    it("answers from a prompt's replacement, and keeps nothing of the one before", async () => {
      const tracker = await prompted(1);
      const first = await tracker.step(viewOf(1), 1, "forward");
      await tracker.setPrompt(1, { mask: { box: [18, 66, 34, 80], bits: new Uint8Array(28).fill(255) } });
      const other = await tracker.step(viewOf(1), 1, "forward");
      assert.ok(maskIou(first.mask, other.mask) < 0.5);
      await tracker.setPrompt(1, { box: discBox(1) });
      assert.deepEqual(await tracker.step(viewOf(1), 1, "forward"), first);
      await tracker.close();
    });

    it("uses each of several prompted planes", async () => {
      const tracker = await prompted(1);
      await tracker.setPrompt(3, { box: discBox(3) });
      const alone = await prompted(3);
      await tracker.step(viewOf(1), 1, "forward");
      await tracker.step(viewOf(2), 2, "forward");
      assert.deepEqual(await tracker.step(viewOf(3), 3, "forward"), await alone.step(viewOf(3), 3, "forward"));
      await tracker.close();
      await alone.close();
    });

    it("falls back to the plane before once a prompt is removed", async () => {
      const tracker = await prompted(1);
      await tracker.setPrompt(2, { points: [[20, 74, 1]] });
      await tracker.step(viewOf(1), 1, "forward");
      await tracker.step(viewOf(2), 2, "forward");
      await tracker.removePrompt(2);
      assertOn(await tracker.step(viewOf(2), 2, "forward"), 2, leastIou);
      await tracker.removePrompt(2);
      await tracker.close();
    });

    it("says nothing_prompted when there is nothing to go by", async () => {
      const tracker = await open();
      await assert.rejects(tracker.step(viewOf(1), 1, "forward"), coded("nothing_prompted"));
      await assert.rejects(tracker.candidates(viewOf(1), 1), coded("nothing_prompted"));
      await tracker.setPrompt(1, { box: discBox(1) });
      await assert.rejects(tracker.step(viewOf(2), 2, "forward"), coded("nothing_prompted"), "plane 1 has not been stepped");
      await tracker.step(viewOf(1), 1, "forward");
      await assert.rejects(tracker.step(viewOf(3), 3, "forward"), coded("nothing_prompted"), "plane 2 has not been stepped");
      await tracker.close();
    });

    it("refuses a prompt that says nothing", async () => {
      const tracker = await open();
      await assert.rejects(tracker.setPrompt(1, {}), coded("prompt_empty"));
      await assert.rejects(tracker.setPrompt(1, { points: [[3, 4, 0]] }), coded("prompt_empty"));
      await assert.rejects(tracker.setPrompt(1, { box: [5, 5, 5, 9] }), coded("prompt_empty"));
      await assert.rejects(tracker.setPrompt(1, { mask: { box: [4, 4, 6, 6], bits: Uint8Array.of(0, 0) } }), coded("prompt_empty"));
      await tracker.close();
    });

    it("goes on from masks it is told", { skip: beyond.toldMasks }, async () => {
      const tracker = await prompted(1);
      await tracker.recall(viewOf(1), 1, "forward", tight(disc(1)));
      assertOn(await tracker.step(viewOf(2), 2, "forward"), 2, leastIou);
      await tracker.recall(viewOf(3, pannedWindow), 3, "forward", tight(disc(3)));
      assertOn(await tracker.step(viewOf(4, pannedWindow), 4, "forward"), 4, leastIou);
      await tracker.close();
    });

    it("forgets what was found, not what was prompted", async () => {
      const tracker = await prompted(1);
      const first = await tracker.step(viewOf(1), 1, "forward");
      await tracker.step(viewOf(2), 2, "forward");
      await tracker.forget(2, planes);
      await assert.rejects(tracker.step(viewOf(3), 3, "forward"), coded("nothing_prompted"));
      await tracker.forget(0, planes);
      assert.deepEqual(await tracker.step(viewOf(1), 1, "forward"), first);
      await tracker.close();
    });

    it("does not shift its masks when the window pans", { skip: beyond.pans }, async () => {
      const still = await prompted(1);
      const panned = await prompted(1);
      await still.step(viewOf(1), 1, "forward");
      await panned.step(viewOf(1), 1, "forward");
      const a = await still.step(viewOf(2), 2, "forward");
      const b = await panned.step(viewOf(2, pannedWindow), 2, "forward");
      assert.ok(maskIou(a.mask, b.mask) > 0.9, `overlap ${maskIou(a.mask, b.mask)}`);
      await still.close();
      await panned.close();
    });

    it("offers alternatives, best first", async () => {
      const tracker = await prompted(1);
      const candidates = await tracker.candidates(viewOf(1), 1);
      assert.ok(candidates.length > 0);
      for (let at = 1; at < candidates.length; at++) assert.ok(candidates[at - 1]!.score >= candidates[at]!.score);
      assert.ok(Math.max(...candidates.map((one) => maskIou(one.mask, disc(1)))) > leastIou);
      await tracker.close();
    });
  });
}

export function coded(code: ErrorCode): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof MaskletError && thrown.code === code;
}

function assertOn(step: Step, index: number, leastIou: number, what = ""): void {
  assert.equal(step.end, undefined, `plane ${index} ${what} ended`);
  const iou = maskIou(step.mask, disc(index));
  assert.ok(iou >= leastIou, `plane ${index} ${what}: overlap ${iou}`);
}

/** In the smallest box, as masks are found and stored. */
function tight(mask: Raster): Raster {
  return unpackMask(packMask(mask));
}

/** Steps forward from `index`; planes that are borne have empty masks. @returns the plane it ended on */
async function untilEnd(tracker: Tracker, view: (index: number) => View, index: number, patience: number): Promise<number> {
  for (let borne = 0; borne < patience; borne++, index++) {
    const step = await tracker.step(view(index), index, "forward");
    if (step.end !== undefined) return index;
    assert.ok(isEmptyBox(step.mask.box) && step.presence < 0.5, `a mask of ${step.mask.box.join()} on plane ${index}`);
  }
  assert.notEqual((await tracker.step(view(index), index, "forward")).end, undefined, `not ended on plane ${index}`);
  return index;
}

function assertInside(step: Step, view: View): void {
  if (isEmptyBox(step.mask.box)) return;
  const [u0, v0, u1, v1] = step.mask.box;
  assert.ok(u0 >= view.box[0] && v0 >= view.box[1] && u1 <= view.box[2] && v1 <= view.box[3], `mask ${step.mask.box.join()} outside ${view.box.join()}`);
}
