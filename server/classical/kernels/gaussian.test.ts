import assert from "node:assert/strict";
import test from "node:test";
import { gaussianRadius, gaussianTaps, smoothPlane } from "./gaussian.ts";

test("taps sum to one, are symmetric, and fall as the Gaussian says", () => {
  const taps = gaussianTaps(1);
  assert.equal(taps.length, 7);
  assert.ok(Math.abs(taps.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.equal(taps[0], taps[6]);
  assert.ok(Math.abs(taps[4]! / taps[3]! - Math.exp(-0.5)) < 1e-12);
  assert.deepEqual([...gaussianTaps(0)], [1]);
  assert.deepEqual([0, 0.46, 1, 2].map(gaussianRadius), [0, 1, 3, 6]);
});

/** The definition, voxel by voxel. */
function slow(data: Float32Array, [d, h, w]: number[], z: number, y: number, x: number, sigma: number[]): number {
  let sum = 0;
  const taps = sigma.map(gaussianTaps);
  const at = (i: number, size: number) => Math.min(size - 1, Math.max(0, i));
  taps[0]!.forEach((a, i) => taps[1]!.forEach((b, j) => taps[2]!.forEach((c, k) => {
    const zz = at(z + i - (taps[0]!.length - 1) / 2, d!);
    const yy = at(y + j - (taps[1]!.length - 1) / 2, h!);
    const xx = at(x + k - (taps[2]!.length - 1) / 2, w!);
    sum += a * b * c * data[(zz * h! + yy) * w! + xx]!;
  })));
  return sum;
}

test("equals the definition, edges repeated, whatever block it is read from", () => {
  const size: [number, number, number] = [5, 7, 9];
  const data = Float32Array.from({ length: 5 * 7 * 9 }, (_, i) => ((i * 7919) % 101) - 50);
  const sigma: [number, number, number] = [0.5, 1, 1];
  const whole = { data, start: [0, 0, 0] as const, size, volume: size };
  const plane = smoothPlane(whole, { z: 1, y: [0, 7], x: [0, 9] }, sigma);
  for (let y = 0; y < 7; y++) for (let x = 0; x < 9; x++) assert.ok(Math.abs(plane[y * 9 + x]! - slow(data, size, 1, y, x, sigma)) < 1e-4);
  // The same two by three voxels from a block cut out with just the halo they need (x and y reach the far edge).
  const cut = new Float32Array(3 * 5 * 6);
  for (let z = 0; z < 3; z++) for (let y = 0; y < 5; y++) for (let x = 0; x < 6; x++) cut[(z * 5 + y) * 6 + x] = data[(z * 7 + y + 2) * 9 + x + 3]!;
  const part = smoothPlane({ data: cut, start: [0, 2, 3], size: [3, 5, 6], volume: size }, { z: 1, y: [5, 7], x: [6, 9] }, sigma);
  assert.deepEqual([...part], [5, 6].flatMap((y) => [6, 7, 8].map((x) => plane[y * 9 + x]!)));
});

test("with sigma 0 it is the part itself", () => {
  const [depth, height, width] = [3, 4, 5];
  const data = Float32Array.from({ length: depth * height * width }, (_, at) => at);
  const block = { data, start: [7, 20, 30] as const, size: [depth, height, width] as const, volume: [60, 60, 60] as const };
  const part = smoothPlane(block, { z: 8, y: [21, 23], x: [32, 34] }, [0, 0, 0]);
  assert.deepEqual(Array.from(part), [20 + 7, 20 + 8, 20 + 12, 20 + 13]);
  assert.throws(() => smoothPlane(block, { z: 10, y: [21, 23], x: [32, 34] }, [0, 0, 0]), { code: "internal" });
});
