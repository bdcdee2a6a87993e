// Laws of the measures of label images, on seeded ones, with a slow obvious oracle where one can be written.
import assert from "node:assert/strict";
import test from "node:test";
import type { LabelMeasures, ObjectMeasures } from "#protocol/types.ts";
import { croftonWeights, directionClasses } from "#server/measure/crofton.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { imageArray, labelArray } from "../array-readers.ts";

interface Scene {
  readonly seed: number;
  readonly size: Triple;
  readonly ids: Uint32Array;
  readonly values: Float32Array;
  readonly spacing: Triple;
}

/** Balls thrown over each other, then salt: compact objects that touch and overlap, parts that are apart, single voxels. */
function scene(seed: number): Scene {
  const random = seededRandom(seed);
  const between = random.whole;
  const size: Triple = [between(1, 11), between(3, 17), between(2, 19)];
  const ids = new Uint32Array(size[0] * size[1] * size[2]);
  const at = (z: number, y: number, x: number): number => (z * size[1] + y) * size[2] + x;
  for (let ball = between(0, 9); ball > 0; ball--) {
    const [id, radius] = [between(1, 40), 1 + 4 * random.uniform()];
    const middle = size.map((side) => side * random.uniform());
    for (let z = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++) if (Math.hypot(z - middle[0]!, y - middle[1]!, x - middle[2]!) <= radius) ids[at(z, y, x)] = id;
  }
  for (let salt = between(0, 30); salt > 0; salt--) ids[between(0, ids.length - 1)] = between(0, 50);
  const values = Float32Array.from(ids, () => 1e6 + random.uniform());
  return { seed, size, ids, values, spacing: [0.5 + 2 * random.uniform(), 0.5 + random.uniform(), 0.5 + random.uniform()] };
}

async function measured({ ids, size, values, spacing }: Scene, voxelsAtOnce?: number): Promise<LabelMeasures> {
  return measureLabels({ labels: labelArray(ids, size), image: imageArray(values, size), spacing, voxelsAtOnce });
}

function near(ours: number, theirs: number, what: string, relative = 1e-9): void {
  assert.ok(Math.abs(ours - theirs) <= relative * Math.max(1, Math.abs(theirs)), `${what}: ${ours}, expected ${theirs}`);
}

const seeds = Array.from({ length: 60 }, (_, nth) => nth + 1);

test("the same to the last bit however the image is cut for reading", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const whole = await measured(one);
    const [, height, width] = one.size;
    for (const voxels of [1, 2 * width, 3 * width + 1, height * width, 2 * height * width, 5 * height * width]) {
      assert.deepEqual(await measured(one, voxels), whole, `seed ${seed}, ${voxels} voxels at a time`);
    }
  }
});

test("other ids for the same objects change the names alone", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const random = seededRandom(1000 + seed);
    const names = new Map<number, number>();
    const renamed = Uint32Array.from(one.ids, (id) => {
      if (id === 0) return 0;
      if (!names.has(id)) names.set(id, 1 + names.size * 1000 + Math.floor(random.uniform() * 1000));
      return names.get(id)!;
    });
    const back = new Map([...names].map(([id, name]) => [name, id]));
    const [before, after] = [await measured(one), await measured({ ...one, ids: renamed })];
    const renaming = ({ objectId, clusterId: _clusterId, contacts, ...rest }: ObjectMeasures) => ({ ...rest, objectId: back.get(objectId)!, contacts: contacts.map((other) => back.get(other)!).sort((a, b) => a - b) });
    const plain = ({ clusterId: _clusterId, ...rest }: ObjectMeasures) => rest;
    assert.deepEqual(after.objects.map(renaming).sort((a, b) => a.objectId - b.objectId), before.objects.map(plain), `seed ${seed}`);
    // Two objects are in one cluster before when they are after.
    const together = ({ objects }: LabelMeasures, name: (id: number) => number): string[] => objects.flatMap((a) => objects.filter((b) => a.clusterId === b.clusterId).map((b) => `${name(a.objectId)} ${name(b.objectId)}`)).sort();
    assert.deepEqual(together(after, (id) => back.get(id)!), together(before, (id) => id), `seed ${seed}`);
  }
});

test("surface, contacts and contact area are what a walk over all 26 neighbours of every voxel counts", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const { ids, size: [depth, height, width], spacing } = one;
    const weights = croftonWeights(spacing);
    const surface = new Map<number, number>();
    const area = new Map<number, number>();
    const touches = new Map<number, Set<number>>();
    const at = (z: number, y: number, x: number): number => (z < 0 || y < 0 || x < 0 || z >= depth || y >= height || x >= width ? 0 : ids[(z * height + y) * width + x]!);
    for (let voxel = 0; voxel < ids.length; voxel++) {
      const id = ids[voxel]!;
      if (id === 0) continue;
      const [z, y, x] = [Math.floor(voxel / (height * width)), Math.floor(voxel / width) % height, voxel % width];
      for (let step = 0; step < 27; step++) {
        const [dz, dy, dx] = [Math.floor(step / 9) - 1, (Math.floor(step / 3) % 3) - 1, (step % 3) - 1];
        const other = at(z + dz, y + dy, x + dx);
        if (other === id) continue;
        const weight = weights[directionClasses.findIndex(({ steps }) => steps[0] === Math.abs(dz) && steps[1] === Math.abs(dy) && steps[2] === Math.abs(dx))]!;
        surface.set(id, (surface.get(id) ?? 0) + weight);
        if (other === 0) continue;
        area.set(id, (area.get(id) ?? 0) + weight);
        touches.set(id, (touches.get(id) ?? new Set<number>()).add(other));
      }
    }
    for (const object of (await measured(one)).objects) {
      const what = `seed ${seed}, object ${object.objectId}`;
      near(object.surface, surface.get(object.objectId)!, `${what}, surface`);
      near(object.contactArea, area.get(object.objectId) ?? 0, `${what}, contact area`);
      assert.deepEqual(object.contacts, [...(touches.get(object.objectId) ?? [])].sort((a, b) => a - b), what);
    }
  }
});

test("a cluster measures as one object of all its voxels, and no cluster touches another", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const { objects, clusters } = await measured(one);
    const clusterOf = new Map(objects.map(({ objectId, clusterId }) => [objectId, clusterId]));
    const joined = await measured({ ...one, ids: one.ids.map((id) => (id === 0 ? 0 : clusterOf.get(id)!)) });
    assert.ok(joined.objects.every(({ contacts }) => contacts.length === 0), `seed ${seed}`);
    assert.deepEqual(clusters.map(({ objectId }) => objectId), joined.objects.map(({ objectId }) => objectId).filter((id) => objects.filter(({ clusterId }) => clusterId === id).length > 1), `seed ${seed}`);
    for (const { objects: members, intensity, ...cluster } of clusters) {
      const { objects: _one, intensity: whole, ...same } = joined.objects.find(({ objectId }) => objectId === cluster.objectId)!;
      assert.deepEqual(cluster, same, `seed ${seed}, cluster ${cluster.objectId}`);
      assert.equal(members, objects.filter(({ clusterId }) => clusterId === cluster.objectId).length);
      for (const name of ["mean", "sd", "min", "max", "sum"] as const) near(intensity![name]!, whole![name]!, `seed ${seed}, cluster ${cluster.objectId}, ${name}`, 1e-7);
    }
  }
});

test("mirrored and turned images give mirrored and turned objects", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const { ids, size: [depth, height, width] } = one;
    // z and x change places, y runs backwards.
    const turned: Scene = {
      ...one, size: [width, height, depth], spacing: [one.spacing[2], one.spacing[1], one.spacing[0]],
      ids: Uint32Array.from(ids, (_, voxel) => ids[((voxel % depth) * height + height - 1 - (Math.floor(voxel / depth) % height)) * width + Math.floor(voxel / (height * depth))]!),
    };
    const [before, after] = [await measured(one), await measured({ ...turned, values: one.values })];
    for (const [nth, object] of before.objects.entries()) {
      const other = after.objects[nth]!;
      for (const name of ["volume", "surface", "elongation", "flatness", "sphericity", "solidity", "feret", "minFeret", "contactArea"] as const) near(other[name], object[name], `seed ${seed}, object ${object.objectId}, ${name}`, 1e-7);
      near(other.centroid[0], object.centroid[2], "centroid z");
      near(other.centroid[1], height * one.spacing[1] - object.centroid[1], "centroid y");
      assert.deepEqual([other.contacts, other.border], [object.contacts, object.border]);
    }
  }
});

test("intensities of large values that differ little keep their spread", async () => {
  for (const seed of seeds) {
    const one = scene(seed);
    const { objects } = await measured(one);
    for (const { objectId, intensity } of objects) {
      const values = [...one.values].filter((_, voxel) => one.ids[voxel] === objectId);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      near(intensity!.mean!, mean, `seed ${seed}, mean`, 1e-12);
      near(intensity!.sd!, sd, `seed ${seed}, sd`, 1e-7);
      assert.deepEqual([intensity!.min, intensity!.max], [Math.min(...values), Math.max(...values)]);
    }
  }
});

test("a million objects of one voxel have defined measures", async () => {
  const side = 200;
  const size: Triple = [side, side, side];
  const id = (z: number, y: number, x: number): number => (z % 2 === 1 || y % 2 === 1 || x % 2 === 1 ? 0 : (z * side * side) / 8 + (y * side) / 4 + x / 2 + 1);
  const labels = {
    name: "grid", size, spacing: undefined,
    read: async (start: Triple, end: Triple) => {
      const box = new Uint32Array((end[0] - start[0]) * (end[1] - start[1]) * side);
      let at = 0;
      for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) for (let x = 0; x < side; x++) box[at++] = id(z, y, x);
      return box;
    },
  };
  const { objects, clusters, population } = await measureLabels({ labels });
  assert.deepEqual([objects.length, clusters.length, population.objects], [1e6, 0, 1e6]);
  const [{ objectId: _first, centroid: _centroid, start: _start, end: _end, clusterId: _cluster, border: _border, ...same }] = objects as [ObjectMeasures];
  assert.deepEqual([same.elongation, same.flatness, same.solidity, same.feret, same.zingg.class, same.axesUncertain], [1, 1, 1, 1, "sphere", "both"]);
  for (const nth of [1, 123_456, 999_999]) {
    const { objectId, clusterId, centroid, start, end, border: _at, ...rest } = objects[nth]!;
    assert.deepEqual(rest, same);
    assert.deepEqual([objectId, clusterId], [nth + 1, nth + 1]);
    assert.deepEqual([start.map((place) => place + 1), start.map((place) => place + 0.5)], [end, centroid]);
  }
  assert.equal(population.normals, null);
});
