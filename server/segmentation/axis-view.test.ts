import assert from "node:assert/strict";
import test from "node:test";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import type { FrozenView } from "./contract.ts";
import { planeSize, type PlaneCut } from "./plane.ts";
import { resample } from "./resample.ts";
import { renderView } from "./view.ts";
import { planeWindow } from "./window.ts";

const shape = { t: 1, c: 1, z: 3, y: 4, x: 5 };
const value = (_t: number, _c: number, z: number, y: number, x: number): number => 100 * z + 10 * y + x;
const volume = memoryVolume(shape, value);
const plain: FrozenView = { range: [0, 255], invert: false, sigma: 0 };
const y2: PlaneCut = { axis: "y", index: 2, t: 0, c: 0 };
const x3: PlaneCut = { axis: "x", index: 3, t: 0, c: 0 };

test("a y plane shows x to the right and z down, an x plane y to the right and z down", async () => {
  const alongY = await renderView(volume, plain, y2, { u0: 1, v0: 1, width: 2, height: 2 });
  assert.deepEqual([...alongY.pixels], [121, 122, 221, 222]);
  const alongX = await renderView(volume, plain, x3, { u0: 2, v0: 0, width: 9, height: 2 });
  assert.deepEqual([alongX.box, ...alongX.pixels], [[2, 0, 4, 2], 23, 33, 123, 133]);
});

test("colours lie side by side on a y plane too", async () => {
  const colour = memoryVolume({ ...shape, c: 3 }, (_t, c, z, y, x) => 50 * c + 10 * z + y + x, { rgb: true });
  const view = await renderView(colour, plain, y2, { u0: 0, v0: 1, width: 2, height: 1 });
  assert.deepEqual([view.channels, ...view.pixels], [3, 12, 62, 112, 13, 63, 113]);
});

test("denoised, a voxel has the same value on whichever plane it is looked at", async () => {
  const rough = memoryVolume({ t: 1, c: 1, z: 9, y: 11, x: 13 }, (_t, _c, z, y, x) => (z * 71 + y * 37 + x * 53 + z * x * 5) % 256, { spacing: { z: 2, y: 1, x: 1 } });
  const denoised: FrozenView = { ...plain, sigma: 1 };
  const all = { u0: 0, v0: 0, width: 13, height: 13 };
  const onZ = await renderView(rough, denoised, { axis: "z", index: 4, t: 0, c: 0 }, all);
  const onY = await renderView({ ...rough, spacing: undefined }, denoised, { axis: "y", index: 6, t: 0, c: 0 }, all);
  const onX = await renderView({ ...rough, spacing: undefined }, denoised, { axis: "x", index: 7, t: 0, c: 0 }, all);
  const unspaced = await renderView({ ...rough, spacing: undefined }, denoised, { axis: "z", index: 4, t: 0, c: 0 }, all);
  const [atZ, atY, atX] = [unspaced.pixels[6 * 13 + 7]!, onY.pixels[4 * 13 + 7]!, onX.pixels[4 * 11 + 6]!];
  assert.ok(Math.abs(atZ - atY) < 1e-3 && Math.abs(atZ - atX) < 1e-3, `${atZ} ${atY} ${atX}`);
  assert.notEqual(onZ.pixels[6 * 13 + 7], atZ, "with coarser z, less of its neighbours along z counts");
});

test("coarse z is interpolated to square pixels; the box stays in whole plane pixels", async () => {
  const coarse = memoryVolume(shape, value, { spacing: { z: 3, y: 1, x: 1 } });
  const plane = planeSize(coarse, "y");
  assert.deepEqual(plane, { width: 5, height: 3, pixelU: 1, pixelV: 3 });
  assert.deepEqual(planeSize(coarse, "x"), { width: 4, height: 3, pixelU: 1, pixelV: 3 });
  assert.deepEqual(planeSize(coarse, "z"), { width: 5, height: 4, pixelU: 1, pixelV: 1 });
  const view = await renderView(coarse, plain, y2, planeWindow(plane));
  assert.deepEqual([view.box, view.width, view.height], [[0, 0, 5, 3], 5, 9]);
  // Rows of one third: the first two lie above the centre of z 0, the third a third of the way to z 1.
  const column = Array.from({ length: 9 }, (_, row) => view.pixels[row * 5]! - 20);
  const expected = [0, 0, 100 / 3, 200 / 3, 100, 400 / 3, 500 / 3, 200, 200].map((grey) => Math.min(grey, 235));
  column.forEach((grey, row) => assert.ok(Math.abs(grey - expected[row]!) < 1e-3, `row ${row}: ${grey}`));
});

test("fine z makes the other side the coarse one, and a hair's breadth counts as square", () => {
  assert.deepEqual(planeSize({ shape, spacing: { z: 0.5, y: 1, x: 2 } }, "y"), { width: 5, height: 3, pixelU: 4, pixelV: 1 });
  assert.deepEqual(planeSize({ shape, spacing: { z: 1.002, y: 1, x: 1 } }, "x"), { width: 4, height: 3, pixelU: 1, pixelV: 1 });
  assert.deepEqual(planeSize({ shape, spacing: undefined }, "x"), { width: 4, height: 3, pixelU: 1, pixelV: 1 });
});

test("one side is averaged while the other is interpolated", () => {
  assert.deepEqual([...resample(Float32Array.of(0, 10, 20, 30), { width: 4, height: 1 }, { width: 2, height: 2 }, 1)], [5, 25, 5, 25]);
  assert.deepEqual([...resample(Float32Array.of(0, 8), { width: 2, height: 1 }, { width: 4, height: 1 }, 1)], [0, 2, 6, 8]);
});
