import assert from "node:assert/strict";
import test from "node:test";
import { packMask } from "#protocol/mask.ts";
import type { Mask, ObjectMeasures } from "#protocol/types.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import { measureObjects } from "#server/measure/measurements.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { measurementsCsv } from "../../test/oracles/measurements-csv.ts";
import { measureMasks } from "./measure-masks.ts";
import type { MaskScene } from "./measure-masks.ts";

const shape = { t: 2, c: 1, z: 5, y: 12, x: 40 };
const spacing = { z: 2, y: 0.5, x: 0.25 };

/** Bodies of random voxels in random boxes, as masks of their z planes. */
function scene(seed: number, objects: number, t = 0): Mask[] {
  const { uniform: random } = seededRandom(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: objects }, (_, nth) => {
    const [z0, y0, x0] = [whole(shape.z - 1), whole(shape.y - 4), whole(shape.x - 12)];
    const [depth, height, width] = [1 + whole(shape.z - z0), 1 + whole(4), 1 + whole(12)];
    return Array.from({ length: depth }, (_plane, z): Mask => {
      const data = Uint8Array.from({ length: height * width }, () => (random() < 0.8 ? 1 : 0));
      data[0] = 1;
      return { objectId: 3 * nth + 2, axis: "z", index: z0 + z, t, score: random(), ...packMask({ box: [x0, y0, x0 + width, y0 + height], data }) };
    });
  }).flat();
}

/** An image with one number for each set of masks, later ones above. */
function painted(layers: readonly (readonly [number, readonly Mask[]])[]): LabelReader {
  const ids = new Uint32Array(shape.z * shape.y * shape.x);
  for (const [id, masks] of layers) for (const at of masks.flatMap(voxelsOf)) ids[at] = id;
  const read: LabelReader["read"] = async ([z0, y0, x0], [z1, y1, x1]) => {
    const part: number[] = [];
    for (let z = z0; z < z1; z++) for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) part.push(ids[(z * shape.y + y) * shape.x + x]!);
    return Uint32Array.from(part);
  };
  return { name: "painted", size: [shape.z, shape.y, shape.x], spacing: [spacing.z, spacing.y, spacing.x], read };
}

function voxelsOf({ index, box, bits }: Mask): number[] {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const stride = Math.ceil(width / 8);
  const places: number[] = [];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if ((bits[y * stride + (x >> 3)]! & (0x80 >> (x & 7))) !== 0) places.push((index * shape.y + box[1] + y) * shape.x + box[0] + x);
  return places;
}

const measured = (masks: readonly Mask[], more: Partial<MaskScene> = {}) => measureMasks({ name: "masks", volume: { shape, spacing }, masks, frames: [0], ...more });
const idsOf = (masks: readonly Mask[]): number[] => [...new Set(masks.map(({ objectId }) => objectId))].sort((a, b) => a - b);
const of = (masks: readonly Mask[], id: number): Mask[] => masks.filter(({ objectId }) => objectId === id);
/** What an object alone in the volume has as well. */
function ownOf({ objectId: _id, clusterId: _cluster, objects: _objects, contacts: _contacts, contactArea: _area, confidence: _score, ...own }: ObjectMeasures): object {
  return own;
}

test("objects that share voxels are each measured on all of theirs, and meet every other there is", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const masks = scene(seed, 7);
    const ids = idsOf(masks);
    const { objects, clusters, population } = await measured(masks);
    assert.deepEqual(objects.map(({ objectId }) => objectId), ids);
    const touching = new Map(ids.map((id) => [id, meeting(masks, id)]));
    for (const object of objects) {
      const own = of(masks, object.objectId);
      const [alone] = (await measureLabels({ labels: painted([[1, own]]) })).objects;
      assert.deepEqual(ownOf(object), ownOf(alone!), `seed ${seed}, object ${object.objectId}`);
      // All others as one body beneath it.
      const above = (await measureLabels({ labels: painted([[9, masks], [1, own]]) })).objects.find(({ objectId }) => objectId === 1)!;
      assert.equal(object.contactArea, above.contactArea, `seed ${seed}, object ${object.objectId}`);
      assert.deepEqual(object.contacts, touching.get(object.objectId), `seed ${seed}, object ${object.objectId}`);
    }
    const rows = measureObjects(masks, spacing);
    assert.deepEqual(objects.map(({ clusterId }) => clusterId), rows.map(({ clusterId }) => clusterId), `seed ${seed}`);
    for (const cluster of clusters) {
      const members = objects.filter(({ clusterId }) => clusterId === cluster.clusterId);
      const [whole] = (await measureLabels({ labels: painted([[1, masks.filter(({ objectId }) => members.some((member) => member.objectId === objectId))]]) })).objects;
      assert.deepEqual([ownOf(cluster), cluster.objects], [ownOf(whole!), members.length], `seed ${seed}, cluster ${cluster.clusterId}`);
    }
    assert.deepEqual([population.objects, population.clusters], [7, clusters.length]);
  }
});

/** Objects with a voxel in or beside one of this object's, looked for voxel by voxel. */
function meeting(masks: readonly Mask[], id: number): number[] {
  const near = new Set<number>();
  for (const at of of(masks, id).flatMap(voxelsOf)) {
    const [z, y, x] = [Math.floor(at / (shape.y * shape.x)), Math.floor(at / shape.x) % shape.y, at % shape.x];
    for (let dz = -1; dz <= 1; dz++) for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
      if (x + dx >= 0 && x + dx < shape.x && y + dy >= 0 && y + dy < shape.y) near.add(((z + dz) * shape.y + y + dy) * shape.x + x + dx);
    }
  }
  return idsOf(masks).filter((other) => other !== id && of(masks, other).flatMap(voxelsOf).some((at) => near.has(at)));
}

test("the first fifteen columns are those of before, in several frames, with masks of any axis", async () => {
  const sideways: Mask = { objectId: 50, axis: "y", index: 11, t: 1, score: 0.125, ...packMask({ box: [2, 0, 5, 4], data: new Uint8Array(12).fill(1) }) };
  const masks = [...scene(3, 6), ...scene(4, 5, 1), sideways];
  const { objects } = await measured(masks, { frames: [0, 1] });
  const settled = measurementsCsv(measureObjects(masks, spacing), { calibrated: true }).trimEnd().split("\n");
  const rows = [...measuresCsv(objects, { calibrated: true })].join("").trimEnd().split("\n");
  assert.deepEqual(rows.map((row) => row.split(",").slice(0, 15).join(",")), settled);
  assert.ok(rows.every((row) => row.split(",").length > 40));
});

test("with a rule, what is measured is the label image it makes", async () => {
  const masks = scene(5, 7);
  const { objects } = await measured(masks, { overlap: "last" });
  const painting = idsOf(masks).map((id) => [id, of(masks, id)] as const);
  const expected = await measureLabels({ labels: painted(painting) });
  assert.deepEqual(objects.map(({ confidence: _none, ...object }) => object), expected.objects.map(({ confidence: _none, ...object }) => object));
  assert.ok(objects.every(({ confidence }) => confidence !== null));
});

test("frames without a mask count for the volume fraction alone", async () => {
  const masks = scene(6, 4, 1);
  const [both, one] = [await measured(masks, { frames: [0, 1] }), await measured(masks, { frames: [1] })];
  assert.deepEqual(both.objects, one.objects);
  assert.deepEqual([both.frames, both.population.volumeFraction], [2, one.population.volumeFraction / 2]);
  assert.deepEqual((await measured([], { frames: [0, 1] })).objects, []);
});
