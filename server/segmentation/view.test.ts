import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import type { FrozenView } from "./contract.ts";
import { freezeView } from "./freeze-view.ts";
import { resample } from "./resample.ts";
import { renderView, sigmaInVoxels } from "./view.ts";

const shape = { t: 1, c: 1, z: 3, y: 4, x: 6 };
const ramp = memoryVolume(shape, (_t, _c, z, y, x) => 100 * z + 10 * y + x);
const plain: FrozenView = { range: [100, 151], invert: false, sigma: 0 };
const plane = { t: 0, c: 0, axis: "z" as const, index: 1 };

test("the range is spread over 0..255, cut off outside, or inverted", async () => {
  const view = await renderView(ramp, plain, plane, { u0: 0, v0: 0, width: 2, height: 2 });
  assert.deepEqual([...view.pixels], [0, 5, 50, 55]);
  const narrow = await renderView(ramp, { ...plain, range: [101, 111], invert: true }, plane, { u0: 0, v0: 0, width: 2, height: 2 });
  assert.deepEqual([...narrow.pixels], [255, 255, 25.5, 0]);
});

test("a window that reaches past the plane covers what there is", async () => {
  const view = await renderView(ramp, plain, plane, { u0: 3, v0: 0, width: 5, height: 5 });
  assert.deepEqual([view.box, view.width, view.height], [[3, 0, 6, 4], 3, 4]);
});

test("only the halo that the Gaussian reaches is read, and less of it along a coarse axis", async () => {
  const volume = memoryVolume({ ...shape, z: 20, y: 40, x: 40 }, () => 1, { spacing: { z: 2, y: 1, x: 1 } });
  await renderView(volume, { ...plain, sigma: 1 }, { t: 0, c: 0, axis: "z", index: 10 }, { u0: 16, v0: 8, width: 8, height: 8 });
  assert.deepEqual(volume.reads, ["0 0 9-12 5-19 13-27"]);
  assert.deepEqual(sigmaInVoxels(1, { z: 2, y: 1, x: 0.5 }), { z: 0.25, y: 0.5, x: 1 });
  assert.deepEqual(sigmaInVoxels(1.5, undefined), { z: 1.5, y: 1.5, x: 1.5 });
});

test("equal keys for equal pixels, another for any other view, plane or window", async () => {
  const key = async (view = plain, at = plane, u0 = 0) => (await renderView(ramp, view, at, { u0, v0: 0, width: 2, height: 2 })).key;
  const keys = await Promise.all([key(), key({ ...plain, invert: true }), key({ ...plain, sigma: 1 }), key(plain, { ...plane, index: 2 }), key(plain, plane, 1), key({ ...plain, range: [0, 9] })]);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(await key(), keys[0]);
});

test("a colour volume gives three interleaved channels", async () => {
  const colour = memoryVolume({ t: 1, c: 3, z: 1, y: 1, x: 2 }, (_t, c, _z, _y, x) => 50 * c + x, { rgb: true });
  const view = await renderView(colour, { range: [0, 255], invert: false, sigma: 0 }, { t: 0, c: 0, axis: "z", index: 0 }, { u0: 0, v0: 0, width: 2, height: 2 });
  assert.equal(view.channels, 3);
  assert.deepEqual([...view.pixels], [0, 50, 100, 1, 51, 101]);
});

test("NaN and infinity count as black and do not spread; a plane of nothing else is refused", async () => {
  const holed = memoryVolume(shape, (_t, _c, _z, y, x) => (y === 1 && x === 1 ? NaN : y === 2 && x === 3 ? Infinity : 151));
  const view = await renderView(holed, { ...plain, sigma: 1 }, plane, { u0: 0, v0: 0, width: 6, height: 6 });
  assert.ok(view.pixels.every(Number.isFinite));
  const empty = memoryVolume(shape, () => NaN);
  await assert.rejects(renderView(empty, plain, plane, { u0: 0, v0: 0, width: 6, height: 6 }), (thrown) => thrown instanceof MaskletError && thrown.code === "pixels_not_finite");
  await assert.rejects(freezeView(empty, undefined), (thrown) => thrown instanceof MaskletError && thrown.code === "pixels_not_finite");
});

test("a stack without a finite value has no range, in words; one with a few has that of the others", async () => {
  const nothing = memoryVolume(shape, () => NaN);
  await assert.rejects(freezeView(nothing, undefined), { code: "pixels_not_finite", message: /no finite value in plane z=0 to \d+, wherever looked \(\d+ looked at/ });
  const some = memoryVolume(shape, (_t, _c, _z, _y, x) => x === 0 ? NaN : x === 1 ? Infinity : x);
  const { range } = await freezeView(some, undefined);
  assert.ok(range[0] >= 2 && Number.isFinite(range[1]) && range[1] > range[0]);
});

test("averaging down keeps the mean, also where pixels are split", () => {
  assert.deepEqual([...resample(Float32Array.of(1, 2, 3, 4, 5, 6), { width: 3, height: 2 }, { width: 1, height: 1 }, 1)], [3.5]);
  const [a, b] = resample(Float32Array.of(0, 30, 60), { width: 3, height: 1 }, { width: 2, height: 1 }, 1);
  assert.ok(Math.abs(a! - 10) < 1e-5 && Math.abs(b! - 50) < 1e-5);
});

test("a wide window is averaged down to the network's side", async () => {
  const wide = memoryVolume({ t: 1, c: 1, z: 1, y: 2, x: 2050 }, () => 110);
  const view = await renderView(wide, plain, { t: 0, c: 0, axis: "z", index: 0 }, { u0: 0, v0: 0, width: 2050, height: 2050 });
  assert.deepEqual([view.width, view.height, view.pixels.length], [1024, 1, 1024]);
  assert.ok(view.pixels.every((value) => Math.abs(value - 50) < 1e-3));
});

test("the range: as asked, else as displayed, else percentiles; never empty", async () => {
  const shown = memoryVolume(shape, (_t, _c, _z, _y, x) => x, { displayRange: [1, 4] });
  assert.deepEqual((await freezeView(shown, { range: [2, 3] })).range, [2, 3]);
  assert.deepEqual(await freezeView(shown, undefined), { range: [1, 4], invert: false, sigma: 1 });
  const values = memoryVolume({ t: 1, c: 1, z: 1, y: 10, x: 100 }, (_t, _c, _z, y, x) => 100 * y + x);
  assert.deepEqual((await freezeView(values, undefined)).range, [5, 995]);
  assert.deepEqual((await freezeView(memoryVolume(shape, () => 7), undefined)).range, [7, 8]);
  const useless = memoryVolume(shape, (_t, _c, _z, _y, x) => x, { displayRange: [4, 4] });
  assert.deepEqual((await freezeView(useless, undefined)).range, [0, 5]);
});
