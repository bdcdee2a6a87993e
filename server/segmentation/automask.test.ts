// Which masks of many clicks stay, with what each click finds written out.
import assert from "node:assert/strict";
import test from "node:test";
import type { ClickMask, TrackerSource, View } from "#models/tracker.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { PixelBox } from "#protocol/types.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { thresholdTrackers } from "../../test/contracts/threshold-tracker.ts";
import { automask, type AutomaskRequest } from "./automask.ts";
import type { Scene } from "./contract.ts";

/** A full mask over the box, less the pixels named. */
function found(box: PixelBox, score: number, without: readonly (readonly [number, number])[] = []): ClickMask {
  const width = box[2] - box[0];
  const data = new Uint8Array(width * (box[3] - box[1])).fill(1);
  for (const [u, v] of without) data[(v - box[1]) * width + u - box[0]] = 0;
  return { point: [0, 0], mask: { box, data }, score, stability: 1 };
}

interface Looked {
  /** Boxes with areas and scores. */
  readonly masks: string[];
  /** What was looked at, and how many clicks were asked for there. */
  readonly views: string[];
}

/** @param answers of the first clicks in the view over a box */
async function look(answers: Readonly<Record<string, readonly ClickMask[]>>, request: Partial<AutomaskRequest> = {}): Promise<Looked> {
  const views: string[] = [];
  const clicks = async (_model: string, view: View, { points }: { readonly points: readonly unknown[] }): Promise<readonly ClickMask[]> => {
    const again = views.some((line) => line.startsWith(`${view.box.join(" ")}:`));
    views.push(`${view.box.join(" ")}: ${points.length}`);
    return again ? [] : answers[view.box.join(" ")] ?? [];
  };
  const trackers: TrackerSource = { ...thresholdTrackers(), clicks };
  const scene: Scene = { source: memoryVolume({ t: 1, c: 1, z: 2, y: 100, x: 200 }, (_t, _c, _z, _y, x) => x), view: { range: [0, 200], invert: false, sigma: 0 }, trackers, model: "m", window: "object" };
  const masks = await automask(scene, { cut: { axis: "z", index: 1 }, ...request }, {});
  return { masks: masks.map(({ box, area, score }) => `${box.join(" ")} ${area} ${score}`), views };
}

const whole = "0 0 200 100";

test("the surest of masks with one box stays, background and crumbs go, best first, equal ones as they were clicked", async () => {
  const { masks, views } = await look({ [whole]: [
    found([10, 10, 30, 30], 0.9), found([11, 10, 31, 30], 0.95), found([50, 10, 70, 30], 0.9), found([100, 10, 120, 30], 0.9), found([0, 0, 200, 60], 0.99), found([150, 50, 152, 53], 0.99),
  ] });
  assert.deepEqual(masks, ["11 10 31 30 400 0.95", "50 10 70 30 400 0.9", "100 10 120 30 400 0.9"]);
  assert.deepEqual(views, Array.from({ length: 16 }, () => `${whole}: 64`));
});

test("who asks may say which of two masks stays, and which are none", async () => {
  const answers = { [whole]: [found([10, 10, 30, 30], 0.95), found([10, 10, 31, 30], 0.9), found([50, 10, 70, 30], 0.85), found([100, 10, 140, 30], 0.99)] };
  const { masks } = await look(answers, { better: (a, b) => b.area - a.area, accepts: ({ area, score }) => area < 800 && score > 0.5 });
  assert.deepEqual(masks, ["10 10 31 30 420 0.9", "50 10 70 30 400 0.85"]);
  const { masks: refused } = await look(answers, { accepts: ({ box }) => box[0] !== 10 });
  assert.deepEqual(refused, ["100 10 140 30 800 0.99", "50 10 70 30 400 0.85"]);
});

test("holes and specks go before masks are compared again", async () => {
  // Of the first a speck of one pixel stands apart from the rest by a column; without it, its box is that of the second.
  const gap = Array.from({ length: 19 }, (_, at) => [[30, 10 + at], [31, 10 + at], [32, 10 + at], [33, 10 + at], [34, 10 + at], [35, 10 + at], [36, 10 + at], [37, 10 + at], [38, 10 + at], [39, 10 + at]] as const).flat();
  const rest = [30, 31, 32, 33, 34, 35, 36, 37, 38].map((u) => [u, 29] as const);
  const { masks } = await look({ [whole]: [found([10, 10, 40, 30], 0.95, [...gap, ...rest, [20, 20]]), found([10, 10, 30, 30], 0.9)] });
  assert.deepEqual(masks, ["10 10 30 30 400 0.95"]);
});

test("a region is looked at through the square around it, with the whole grid in it, and its size says what background is", async () => {
  const { masks, views } = await look({ "30 20 70 60": [found([40, 30, 60, 40], 0.9), found([40, 30, 60, 51], 0.95)] }, { region: [40, 20, 60, 60], grid: { pointsPerSide: 3 } });
  assert.deepEqual(views, ["30 20 70 60: 9"]);
  assert.deepEqual(masks, ["40 30 60 40 200 0.9"], "more than 320 of 800 pixels are background");
});

test("in crops, masks that are cut off go, and of what several see the smallest crop's stays", async () => {
  // Overlap int(0.2 * 100) = 20; crops of 110 x 60, seen through squares of 110.
  const { masks, views } = await look({
    [whole]: [found([20, 20, 40, 40], 0.99), found([98, 20, 112, 40], 0.9)],
    "0 0 110 100": [found([21, 20, 41, 40], 0.85), found([98, 20, 110, 40], 0.99)],
  }, { grid: { pointsPerSide: 4, cropNLayers: 1, cropOverlapRatio: 0.2, cropNPointsDownscaleFactor: 2 } });
  assert.deepEqual(views, [`${whole}: 16`, "0 0 110 100: 4", "0 0 110 100: 4", "90 0 200 100: 4", "90 0 200 100: 4"]);
  assert.deepEqual(masks, ["98 20 112 40 280 0.9", "21 20 41 40 400 0.85"]);
});

test("clicks that could not be answered are no empty answer", async () => {
  const trackers: TrackerSource = { ...thresholdTrackers(), clicks: async () => { throw MaskletError.of("model_failed", { model: "m", why: "it fell over" }); } };
  const scene: Scene = { source: memoryVolume({ t: 1, c: 1, z: 1, y: 10, x: 20 }, () => 1), view: { range: [0, 2], invert: false, sigma: 0 }, trackers, model: "m", window: "object" };
  await assert.rejects(automask(scene, { cut: { axis: "z", index: 0 } }, {}), { code: "model_failed" });
});
