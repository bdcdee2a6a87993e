import assert from "node:assert/strict";
import test from "node:test";
import { areaOf } from "#protocol/mask.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { arraySource } from "./array-source.ts";
import { deepestPixel } from "./deepest-pixel.ts";
import { boxPrompt, chooseObjects, clickPrompt } from "./masklet-objects.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { isWhiteNoise } from "./white-noise.ts";

const size: Size3 = [16, 24, 30];

/** Cuboids `[id, z0, z1, y0, y1, x0, x1]`, half-open. */
function labelled(...cuboids: readonly (readonly number[])[]): Uint16Array {
  const labels = new Uint16Array(size[0] * size[1] * size[2]);
  for (const [id, z0, z1, y0, y1, x0, x1] of cuboids) for (let z = z0!; z < z1!; z++) for (let y = y0!; y < y1!; y++) for (let x = x0!; x < x1!; x++) labels[(z * size[1] + y) * size[2] + x] = id!;
  return labels;
}

test("objects are told by their middle slice, and those that are no fair question are counted", () => {
  // 7 grows wide on its last slices, so that half of its voxels are reached late; 9 has too few slices, 12 lies in a corner, 14 goes through the
  // whole stack.
  const truth = labelled([7, 2, 8, 4, 9, 4, 12], [7, 8, 12, 2, 16, 4, 12], [9, 1, 4, 2, 12, 20, 28], [12, 0, 8, 0, 9, 20, 30], [14, 0, 16, 16, 22, 20, 26]);
  const { chosen, all, small, cut } = chooseObjects(truth, size, 5, 1);
  assert.deepEqual([chosen.map(({ id }) => id), all, small, cut], [[7, 14], 4, 1, 1]);
  const [object] = chosen;
  assert.deepEqual([object!.voxels, object!.slices.size, object!.middle], [6 * 40 + 4 * 112, 10, 8]);
  assert.equal([...object!.slices.values()].reduce((sum, slice) => sum + areaOf(slice), 0), object!.voxels);
  assert.deepEqual(boxPrompt(object!), { box: [4, 2, 12, 16] });
  assert.deepEqual(clickPrompt(object!, size), { points: [[7.5, 5.5, 1]] });
});

test("what one side of the volume cuts is asked for, and is as deep there as if it went on", () => {
  const { chosen } = chooseObjects(labelled([3, 4, 12, 0, 6, 10, 21]), size, 5, 1);
  assert.deepEqual(clickPrompt(chosen[0]!, size), { points: [[15.5, 0.5, 1]] });
});

test("a seed draws the same objects each time, another seed others", () => {
  const truth = labelled(...Array.from({ length: 9 }, (_, at) => [at + 1, 1, 7, 1 + 7 * Math.floor(at / 3), 7 + 7 * Math.floor(at / 3), 1 + 9 * (at % 3), 8 + 9 * (at % 3)]));
  const draw = (seed: number): string => chooseObjects(truth, size, 4, seed).chosen.map(({ id }) => id).join();
  assert.equal(draw(1), draw(1));
  assert.equal(draw(1).split(",").length, 4);
  assert.ok([2, 3, 4, 5].some((seed) => draw(seed) !== draw(1)));
});

test("the deepest pixel of a region is in its thick part, and clicked pixels are passed over", () => {
  // A bar one pixel thick with a square at its end.
  const region = { box: [2, 3, 9, 6] as [number, number, number, number], data: Uint8Array.from([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1]) };
  const plane = { width: 20, height: 20 };
  assert.deepEqual(deepestPixel(region, plane), [7, 4]);
  assert.deepEqual(deepestPixel(region, plane, new Set(["7,4"])), [6, 4]);
  assert.equal(deepestPixel({ box: [0, 0, 2, 1], data: new Uint8Array(2) }, plane), undefined);
});

test("independent values are white noise, however they are spread; a picture under noise is not", async () => {
  const random = seededRandom(5);
  const noise = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => random.whole(0, 255));
  assert.equal(await isWhiteNoise(arraySource({ name: "noise", voxels: noise, size })), true);
  const disc = noise.map((value, at) => value / 2 + ((at % 30) - 15) ** 2 / 2);
  assert.equal(await isWhiteNoise(arraySource({ name: "disc", voxels: disc, size })), false);
});
