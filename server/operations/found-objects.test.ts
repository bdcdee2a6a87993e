// Masks from the labels of a run: where they lie, and what is too much.
import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { ClassicalObject, ClassicalRun } from "#server/classical/contract.ts";
import { foundMasks, nothingFound } from "./found-objects.ts";

const place = { region: { start: [4, 10, 20], end: [6, 12, 23] }, t: 3, c: 1 } as const;
const object = (id: number): ClassicalObject => ({ id, voxels: 1, box: { start: [0, 0, 0], end: [2, 2, 3] }, seed: 0 });

function runOf(objects: readonly ClassicalObject[], ids: readonly number[]): ClassicalRun {
  return { kind: "labels", steps: [], warnings: [], objects, read: async ({ start, end }) => Uint32Array.from(ids.slice(start[0] * 6, end[0] * 6)), close: async () => undefined };
}

test("masks of each object lie where the region is in the volume, plane by plane", async () => {
  const found = await foundMasks(runOf([object(1), object(2)], [0, 1, 1, 2, 2, 1, 0, 0, 0, 2, 0, 2]), place, undefined);
  const told = [...found].map(([id, masks]) => [id, ...masks.map(({ index, t, c, box, area, bits }) => [index, t, c, box.join(" "), area, [...bits].map((byte) => byte >> 5)])]);
  assert.deepEqual(told, [[1, [4, 3, 1, "21 10 23 12", 3, [6, 2]]], [2, [4, 3, 1, "20 11 22 12", 2, [6]], [5, 3, 1, "20 11 23 12", 2, [5]]]]);
});

test("more objects than there are ids are refused before a voxel is read, as are masks that fill the memory", async () => {
  const many: ClassicalObject[] = [];
  many.length = limits.maxObjectId + 1;
  await assert.rejects(foundMasks(runOf(many, []), place, undefined), (thrown) => thrown instanceof MaskletError && thrown.code === "labels_too_many");
  const abort = new AbortController();
  abort.abort();
  await assert.rejects(foundMasks(runOf([object(1)], []), place, abort.signal), (thrown) => thrown instanceof MaskletError && thrown.code === "cancelled");
});

test("of steps that came to nothing the first is named", () => {
  const step = (id: string, found: Record<string, number>) => ({ id, step: id, parameters: {}, found });
  assert.match(nothingFound([step("threshold", { low: 0, voxels: 12 }), step("clean", { keptVoxels: 0 }), step("label", { objects: 0 })]), /step "clean" left nothing \(keptVoxels 0\)/);
  assert.match(nothingFound([step("threshold", { low: 3 })]), /one by one/);
});
