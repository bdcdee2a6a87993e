// What every VolumeSource promises, checked on one small hyperstack: t 2, c 2, z 3, y 20, x 36.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Dtype, Shape } from "#protocol/types.ts";
import { readPlane } from "#server/volumes/check-shape.ts";
import type { Pixels, VolumeSource } from "#server/volumes/source.ts";

/** The formula the fixtures were made with (fixtures/make/tiff-variants.py). */
export function fixtureValue(t: number, c: number, z: number, y: number, x: number): number {
  return (t * 7 + c * 5 + z * 3 + 1) * 2000 + y * 97 + x * 11 + ((x * y) % 5);
}

export interface ExpectedVolume {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly rgb?: boolean;
  value(t: number, c: number, z: number, y: number, x: number): number;
}

/** The hyperstack, or its first frame and channel. */
export const wholeHyperstack: ExpectedVolume = { shape: { t: 2, c: 2, z: 3, y: 20, x: 36 }, dtype: "uint16", value: fixtureValue };
export const firstStack: ExpectedVolume = { shape: { t: 1, c: 1, z: 3, y: 20, x: 36 }, dtype: "uint16", value: fixtureValue };

/** Registers the suite's tests. `open` may be called many times, also at once. */
export function testVolumeSource(name: string, expected: ExpectedVolume, open: () => Promise<VolumeSource>): void {
  const { shape } = expected;
  const within = async (check: (source: VolumeSource) => Promise<void>): Promise<void> => {
    const source = await open();
    try {
      await check(source);
    } finally {
      await source.close();
    }
  };
  const last = { t: shape.t - 1, c: shape.c - 1, z: shape.z - 1 };

  test(`${name}: shape, dtype and every voxel`, () => within(async (source) => {
    assert.deepEqual(source.shape, shape);
    assert.equal(source.dtype, expected.dtype);
    assert.equal(source.rgb, expected.rgb ?? false);
    for (let t = 0; t < shape.t; t++) {
      for (let c = 0; c < shape.c; c++) {
        const read = await source.read({ t, c, z: [0, shape.z], y: [0, shape.y], x: [0, shape.x] });
        assert.deepEqual(read, voxels(expected, t, c, [0, shape.z], [0, shape.y], [0, shape.x]));
      }
    }
  }));

  test(`${name}: a box inside one plane, across blocks, and one voxel`, () => within(async (source) => {
    for (const [z, y, x] of [[[1, 3], [5, 18], [9, 35]], [[2, 3], [13, 15], [15, 33]], [[0, 1], [19, 20], [35, 36]]] as const) {
      const read = await source.read({ t: last.t, c: last.c, z, y, x });
      assert.deepEqual(read, voxels(expected, last.t, last.c, z, y, x));
    }
    assert.deepEqual(await readPlane(source, last), voxels(expected, last.t, last.c, [last.z, shape.z], [0, shape.y], [0, shape.x]));
  }));

  test(`${name}: a read returns a new array each time`, () => within(async (source) => {
    const box = { t: 0, c: 0, z: [0, 1], y: [0, 2], x: [0, 3] } as const;
    const first = await source.read(box);
    const before = first[0];
    first.fill(0);
    assert.equal((await source.read(box))[0], before);
  }));

  test(`${name}: many readers at once`, () => within(async (source) => {
    const reads = Array.from({ length: 12 }, (_, i) => source.read({ t: 0, c: 0, z: [i % 3, (i % 3) + 1], y: [i, i + 4], x: [2 * i, 2 * i + 7] }));
    (await Promise.all(reads)).forEach((read, i) => {
      assert.deepEqual(read, voxels(expected, 0, 0, [i % 3, (i % 3) + 1], [i, i + 4], [2 * i, 2 * i + 7]));
    });
  }));

  test(`${name}: what lies off the volume is refused`, () => within(async (source) => {
    const box = { t: 0, c: 0, z: [0, 1], y: [0, 1], x: [0, 1] } as const;
    await rejects(source.read({ ...box, t: shape.t }), "plane_off_volume");
    await rejects(source.read({ ...box, c: -1 }), "plane_off_volume");
    await rejects(source.read({ ...box, z: [0, shape.z + 1] }), "plane_off_volume");
    await rejects(source.read({ ...box, y: [-1, 1] }), "plane_off_volume");
    await rejects(source.read({ ...box, x: [0.5, 2] }), "plane_off_volume");
    await rejects(source.read({ ...box, x: [0, Number.NaN] }), "plane_off_volume");
    await rejects(source.read({ ...box, x: [3, 3] }), "shape_invalid");
    await rejects(source.planeKey({ t: 0, c: 0, z: shape.z }), "plane_off_volume");
  }));

  test(`${name}: an aborted read is cancelled`, () => within(async (source) => {
    await rejects(source.read({ t: 0, c: 0, z: [0, 1], y: [0, 1], x: [0, 1] }, AbortSignal.abort()), "cancelled");
  }));

  test(`${name}: plane keys differ between planes and stay between openings`, () => within(async (source) => {
    const again = await open();
    const keys = new Set<string>();
    for (let t = 0; t < shape.t; t++) {
      for (let c = 0; c < shape.c; c++) {
        for (let z = 0; z < shape.z; z++) {
          const key = await source.planeKey({ t, c, z });
          assert.equal(await again.planeKey({ t, c, z }), key);
          keys.add(key);
        }
      }
    }
    await again.close();
    assert.equal(keys.size, shape.t * shape.c * shape.z);
  }));
}

/** The expected voxels of a box, `[z, y, x]`. */
export function voxels(expected: ExpectedVolume, t: number, c: number, z: readonly [number, number], y: readonly [number, number], x: readonly [number, number]): Pixels {
  const values: number[] = [];
  for (let k = z[0]; k < z[1]; k++) {
    for (let j = y[0]; j < y[1]; j++) for (let i = x[0]; i < x[1]; i++) values.push(expected.value(t, c, k, j, i));
  }
  if (expected.dtype === "uint8") return Uint8Array.from(values);
  return expected.dtype === "uint16" ? Uint16Array.from(values) : Float32Array.from(values);
}

/** The promise must fail with this code. */
export async function rejects(promise: Promise<unknown>, code: string): Promise<MaskletError> {
  try {
    await promise;
  } catch (fault) {
    if (!(fault instanceof MaskletError)) throw fault;
    assert.equal(fault.code, code, fault.message);
    return fault;
  }
  assert.fail(`nothing failed where ${code} was expected`);
}
