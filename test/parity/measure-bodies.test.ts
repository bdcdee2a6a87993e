// Measures of bodies whose measures are known: ellipsoids turned in space, balls, and the bodies of MorphoLibJ's own tests with the values and
// tolerances that those state (ijpb/MorphoLibJ, src/test/java/inra/ijpb/measure: IntrinsicVolumes3DTest, GeometricMeasures3DTest,
// region3d/EquivalentEllipsoidTest, InterfaceSurfaceAreaTest, MaxFeretDiameter3DTest). Departure: its Feret diameter goes from corner to corner of
// the voxels, ours between the middles of their faces.
import assert from "node:assert/strict";
import test from "node:test";
import type { ObjectMeasures } from "#protocol/types.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { labelArray } from "../array-readers.ts";

type Inside = (z: number, y: number, x: number) => number;

/** Objects of a volume whose ids are given at the voxels' indices. */
async function objectsOf(size: Triple, id: Inside, spacing: Triple = [1, 1, 1]): Promise<ObjectMeasures[]> {
  const ids = new Uint32Array(size[0] * size[1] * size[2]);
  for (let z = 0, at = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++) ids[at++] = id(z, y, x);
  return (await measureLabels({ labels: labelArray(ids, size), spacing })).objects;
}

async function only(size: Triple, inside: (z: number, y: number, x: number) => boolean, spacing?: Triple): Promise<ObjectMeasures> {
  const objects = await objectsOf(size, (z, y, x) => (inside(z, y, x) ? 1 : 0), spacing);
  assert.equal(objects.length, 1);
  return objects[0]!;
}

function within(value: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${what}: ${value}, expected ${expected} within ${tolerance}`);
}

/** Degrees between two axes, whichever way they point. */
function between(a: readonly number[], b: readonly number[]): number {
  return (Math.acos(Math.min(1, Math.abs(a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!))) * 180) / Math.PI;
}

/** Three axes `[z, y, x]`: x, y, z turned about z, then y, then z again, in degrees. */
function turned(first: number, second: number, third: number): [Triple, Triple, Triple] {
  const about = (plane: readonly [0 | 1 | 2, 0 | 1 | 2], degrees: number, vector: Triple): Triple => {
    const out: [number, number, number] = [...vector];
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const [a, b] = plane;
    out[a] = c * vector[a] - s * vector[b];
    out[b] = s * vector[a] + c * vector[b];
    return out;
  };
  const turn = (vector: Triple): Triple => about([2, 1], third, about([0, 2], second, about([2, 1], first, vector)));
  return [turn([0, 0, 1]), turn([0, 1, 0]), turn([1, 0, 0])];
}

const radii = [30, 20, 10] as const;
for (const [spacing, angles] of [
  [[1, 1, 1], [0, 0, 0]], [[1, 1, 1], [30, 30, 0]], [[1, 1, 1], [20, 75, 130]], [[1, 1, 1], [200, 110, 45]],
  [[2, 1, 1], [30, 30, 0]], [[2.5, 1.2, 0.7], [20, 75, 130]], [[0.5, 1.5, 1], [200, 110, 45]], [[2, 1, 1.5], [77, 41, 10]],
] as const) {
  test(`an ellipsoid of 30, 20, 10 turned by ${angles.join(", ")} degrees in voxels of ${spacing.join(" x ")}: radii within 1 %, axes within 0.5 degrees`, async () => {
    const axes = turned(angles[0], angles[1], angles[2]);
    const size: Triple = [Math.ceil(66 / spacing[0]), Math.ceil(66 / spacing[1]), Math.ceil(66 / spacing[2])];
    const middle = [33.2, 32.9, 33.1];
    const object = await only(size, (z, y, x) => {
      const place = [(z + 0.5) * spacing[0] - middle[0]!, (y + 0.5) * spacing[1] - middle[1]!, (x + 0.5) * spacing[2] - middle[2]!];
      return axes.reduce((sum, axis, nth) => sum + ((axis[0] * place[0]! + axis[1] * place[1]! + axis[2] * place[2]!) / radii[nth]!) ** 2, 0) <= 1;
    }, spacing);
    for (const nth of [0, 1, 2] as const) {
      within(object.radii[nth], radii[nth], 0.01 * radii[nth], `radius ${nth + 1}`);
      within(between(object.axes[nth], axes[nth]!), 0, 0.5, `axis ${nth + 1}`);
      within(object.centroid[nth], middle[nth]!, 0.05, `centroid ${nth}`);
    }
    within(object.elongation, 1.5, 0.03, "elongation");
    within(object.flatness, 2, 0.04, "flatness");
    assert.equal(object.axesUncertain, "none");
    const upright = (axis: Triple): Triple => (axis[0] < 0 ? [-axis[0], -axis[1], -axis[2]] : axis);
    for (const [angle, axis] of [[object.major, upright(axes[0])], [object.normal, upright(axes[2])]] as const) {
      within(angle.inclination, (Math.acos(axis[0]) * 180) / Math.PI, 0.5, "inclination");
      // Near z an azimuth says little; the axes themselves are held to 0.5 degrees above.
      const apart = Math.abs(angle.azimuth - (((Math.atan2(axis[1], axis[2]) * 180) / Math.PI + 360) % 360)) % 180;
      if (Math.hypot(axis[1], axis[2]) > 0.2) within(Math.min(apart, 180 - apart), 0, 0.5 / Math.hypot(axis[1], axis[2]), "azimuth");
    }
    within(object.volume, (4 / 3) * Math.PI * 6000, 0.01 * (4 / 3) * Math.PI * 6000, "volume");
    // Knud Thomsen's formula for the surface is good to 1.1 %, Crofton's with 13 directions to a few.
    const thomsen = 4 * Math.PI * ((600 ** 1.6075 + 300 ** 1.6075 + 200 ** 1.6075) / 3) ** (1 / 1.6075);
    within(object.surface, thomsen, 0.04 * thomsen, "surface");
    within(object.feret, 60, Math.max(...spacing), "Feret");
    within(object.minFeret, 20, Math.max(...spacing), "smallest Feret");
    assert.ok(object.solidity > 0.88 && object.solidity <= 1, `solidity ${object.solidity}`);
  });
}

const ball = (middle: Triple, radius: number, spacing: Triple = [1, 1, 1]) => (z: number, y: number, x: number): boolean =>
  (z * spacing[0] - middle[0]) ** 2 + (y * spacing[1] - middle[1]) ** 2 + (x * spacing[2] - middle[2]) ** 2 <= radius ** 2;

test("MorphoLibJ: a ball of radius 20 has 33510 +- 15 voxels and a surface of 5026 +- 2", async () => {
  const object = await only([50, 50, 50], ball([25.34, 25.23, 25.12], 20));
  within(object.voxels, 33_510, 15, "voxels");
  within(object.surface, 5026, 2, "surface");
  within(object.sphericity, 1, 0.001, "sphericity");
  assert.deepEqual([object.axesUncertain, object.zingg.class], ["both", "sphere"]);
});

test("MorphoLibJ: with half the voxels along one axis the ball's surface stays within 2 %", async () => {
  for (const spacing of [[2, 1, 1], [1, 2, 1], [1, 1, 2]] as const) {
    const object = await only([50 / spacing[0], 50 / spacing[1], 50 / spacing[2]], ball([25.34, 25.23, 25.12], 20, spacing), spacing);
    within(object.surface, 5026, 0.02 * 5026, `surface at ${spacing.join(" x ")}`);
  }
  const object = await only([20, 25, 33], ball([50, 50, 50], 40, [5, 4, 3]), [5, 4, 3]);
  within(object.surface, 4 * Math.PI * 1600, 0.02 * 4 * Math.PI * 1600, "surface at 5 x 4 x 3");
});

test("MorphoLibJ: 27 balls of radius 12.62 have 2000 +- 2 each", async () => {
  const objects = await objectsOf([100, 100, 100], (z, y, x) => {
    const cell = [z, y, x].map((place) => Math.floor((place - 5) / 30));
    if (cell.some((place) => place < 0 || place > 2)) return 0;
    return ball([20.34, 20.23, 20.12], 12.62)(z - 30 * cell[0]!, y - 30 * cell[1]!, x - 30 * cell[2]!) ? 9 * cell[0]! + 3 * cell[1]! + cell[2]! + 1 : 0;
  });
  assert.equal(objects.length, 27);
  for (const { surface } of objects) within(surface, 2000, 2, "surface");
});

test("MorphoLibJ: eight cubes of 3 that touch, at the volume's corner, have 41.07 +- 5 % each", async () => {
  const objects = await objectsOf([9, 9, 9], (z, y, x) => (Math.max(z, y, x) < 6 ? 4 * Math.floor(z / 3) + 2 * Math.floor(y / 3) + Math.floor(x / 3) + 1 : 0));
  assert.equal(objects.length, 8);
  for (const { surface, contacts } of objects) {
    within(surface, 41.07, 0.05 * 41.07, "surface");
    assert.equal(contacts.length, 7);
  }
});

test("MorphoLibJ: the surface between objects is pi for a single voxel in another, 314.16 and 1256.6 for nested balls, within 5 %", async () => {
  const [around, voxel] = await objectsOf([5, 5, 5], (z, y, x) => (z === 2 && y === 2 && x === 2 ? 2 : 1));
  within(voxel!.contactArea, Math.PI, 0.05 * Math.PI, "contact of the voxel");
  assert.equal(around!.contactArea, voxel!.contactArea);
  assert.equal(voxel!.contactArea, voxel!.surface);
  const distance = (z: number, y: number, x: number): number => Math.hypot(z - 20.345, y - 20.234, x - 20.123);
  const [inner, middle, outer] = await objectsOf([50, 50, 50], (z, y, x) => [5, 10, 15].findIndex((radius) => distance(z, y, x) < radius) + 1);
  within(inner!.contactArea, 314.16, 0.05 * 314.16, "contact of 1 and 2");
  within(outer!.contactArea, 1256.6, 0.05 * 1256.6, "contact of 2 and 3");
  within(middle!.contactArea, inner!.contactArea + outer!.contactArea, 1e-9, "contact of 2");
  assert.deepEqual([inner!.contacts, middle!.contacts, outer!.contacts], [[2], [1, 3], [2]]);
});

test("MorphoLibJ: the ellipsoid of one voxel has radii sqrt(5 / 12); a cuboid's axes lie along its sides", async () => {
  const voxel = await only([5, 5, 5], (z, y, x) => z === 0 && y === 2 && x === 2);
  assert.deepEqual(voxel.centroid, [0.5, 2.5, 2.5]);
  for (const radius of voxel.radii) within(radius, Math.sqrt(5 / 12), 1e-12, "radius");
  for (const sides of [[10, 20, 30], [20, 10, 30], [10, 30, 20], [20, 30, 10], [30, 20, 10], [30, 10, 20]] as const) {
    const object = await only([50, 50, 50], (z, y, x) => [z, y, x].every((place, axis) => Math.abs(place + 0.5 - 25) < sides[axis]! / 2));
    const order = [0, 1, 2].sort((a, b) => sides[b]! - sides[a]!);
    assert.deepEqual(object.axes, order.map((axis) => [0, 1, 2].map((at) => (at === axis ? 1 : 0))));
    // The moments of a block of length a are a^2 / 12.
    for (const nth of [0, 1, 2] as const) within(object.radii[nth], Math.sqrt(5 / 12) * (30 - 10 * nth), 1e-9, "radius");
    assert.deepEqual([object.solidity, object.convexVolume], [1, 6000]);
  }
});

test("MorphoLibJ: a diagonal of 8 voxels is 8 sqrt 3 long from corner to corner; ours is shorter by less than a voxel's diagonal", async () => {
  const { feret } = await only([10, 10, 10], (z, y, x) => z === y && y === x && z > 0 && z < 9);
  assert.ok(feret < 8 * Math.sqrt(3) && feret > 8 * Math.sqrt(3) - Math.sqrt(3));
  within(feret, Math.sqrt(8 * 8 + 7 * 7 + 7 * 7), 1e-12, "Feret");
});
