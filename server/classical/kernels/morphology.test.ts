import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws, seededVoxels } from "../../../test/neighbourhood-laws.ts";
import { close, dilate, erode, open, type Shape } from "./morphology.ts";
import type { Size3, Voxels } from "./size3.ts";

/** One text a row; `#` is inside. */
const mask = (...rows: string[]): Uint8Array => Uint8Array.from(rows.join(""), (mark) => Number(mark === "#"));

const within: Record<Shape, (dz: number, dy: number, dx: number, radius: number) => boolean> = {
  cross: (dz, dy, dx, radius) => Math.abs(dz) + Math.abs(dy) + Math.abs(dx) <= radius,
  box: (dz, dy, dx, radius) => Math.max(Math.abs(dz), Math.abs(dy), Math.abs(dx)) <= radius,
  ball: (dz, dy, dx, radius) => dz * dz + dy * dy + dx * dx <= radius * radius,
};

/** The definition: every pair of voxels looked at. */
function slow(values: Voxels, [depth, height, width]: Size3, radius: number, shape: Shape, further: (a: number, b: number) => number): number[] {
  const places = Array.from(values, (value, at) => [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width, value] as const);
  assert.equal(places.length, depth * height * width);
  return places.map(([z, y, x, own]) => places.reduce((found, [z1, y1, x1, value]) => (within[shape](z1 - z, y1 - y, x1 - x, radius) ? further(found, value) : found), own));
}

test("a plane by hand: the edge eats nothing, opening drops what is thin, closing fills what is narrow", () => {
  const given = mask("###..#", "###...", "###.##");
  assert.deepEqual(erode(given, [1, 3, 6], 1), mask("##....", "##....", "##...."));
  assert.deepEqual(dilate(given, [1, 3, 6], 1), mask("######", "######", "######"));
  assert.deepEqual(open(given, [1, 3, 6], 1), mask("###...", "###...", "###..."));
  assert.deepEqual(close(mask("##.##.", "##.##.", "##.##."), [1, 3, 6], 1), mask("######", "######", "######"));
  assert.deepEqual(close(mask("#...#."), [1, 1, 6], 1), mask("#...##"));
});

test("shapes differ at their corners", () => {
  const point = new Uint8Array(125);
  point[62] = 1;
  const count = (shape: Shape) => dilate(point, [5, 5, 5], 2, shape).reduce((sum, value) => sum + value);
  assert.deepEqual([count("cross"), count("ball"), count("box")], [25, 33, 125]);
});

test("as the definition, masks and grey, whole volumes and thin ones", () => {
  for (const [seed, kind] of (["uint8", "uint16", "float32"] as const).entries()) {
    for (const [size, radius] of [[[3, 4, 5], 1], [[1, 5, 19], 2], [[6, 1, 3], 3], [[4, 4, 1], 1], [[2, 3, 4], 0]] as const) {
      const values = seededVoxels(seed, kind, size[0] * size[1] * size[2]);
      for (const shape of ["cross", "box", "ball"] as const) {
        assert.deepEqual([...erode(values, size, radius, shape)], slow(values, size, radius, shape, Math.min), `erode ${kind} ${shape} ${radius}`);
        assert.deepEqual([...dilate(values, size, radius, shape)], slow(values, size, radius, shape, Math.max), `dilate ${kind} ${shape} ${radius}`);
      }
    }
  }
});

test("a radius that is large beside the volume", () => {
  const values = seededVoxels(9, "uint8", 60);
  assert.deepEqual([...dilate(values, [3, 4, 5], 12, "ball")], Array(60).fill(Math.max(...values)));
});

test("laws of a neighbourhood, and of morphology", () => {
  for (const shape of ["cross", "box", "ball"] as const) {
    assertNeighbourhoodLaws({ reach: 2, exchangeTolerance: 0, filter: (values, size) => erode(values, size, 2, shape) });
    assertNeighbourhoodLaws({ reach: 2, exchangeTolerance: 0, filter: (values, size) => close(values, size, 1, shape) });
    const size = [5, 6, 7] as const;
    const values = seededVoxels(4, "uint8", 210);
    const opened = open(values, size, 1, shape);
    assert.deepEqual(open(opened, size, 1, shape), opened, "opening twice is opening once");
    assert.ok(opened.every((value, at) => value <= values[at]!), "opening takes away");
    assert.ok(close(values, size, 1, shape).every((value, at) => value >= values[at]!), "closing adds");
    assert.deepEqual(erode(values.map((value) => 255 - value), size, 1, shape), dilate(values, size, 1, shape).map((value) => 255 - value), "erosion is dilation of the complement");
  }
});
