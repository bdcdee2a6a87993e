import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectMeasures } from "#protocol/types.ts";
import { fabricOf } from "./fabric.ts";
import { populationOf } from "./population.ts";

/** An object of `voxels` unit voxels whose diameter is stated. */
function object(objectId: number, more: Partial<ObjectMeasures> = {}): ObjectMeasures {
  return {
    objectId, clusterId: objectId, t: 0, objects: 1, voxels: 10, volume: 10, surface: 20, equivalentDiameter: 1, centroid: [0, 0, 0], start: [1, 1, 1], end: [2, 2, 2],
    border: false, radii: [3, 2, 1], elongation: 1.5, flatness: 2, zingg: { il: 2 / 3, si: 0.5, class: "disc" }, axes: [[0, 0, 1], [0, 1, 0], [1, 0, 0]], axesUncertain: "none",
    major: { azimuth: 0, inclination: 90 }, normal: { azimuth: 0, inclination: 0 }, sphericity: 0.5, convexVolume: 20, solidity: 0.5, feret: 6, minFeret: 2,
    contacts: [], contactArea: 0, intensity: null, confidence: null, ...more,
  };
}

test("quantiles by number and by volume; objects at the border count, and no more", () => {
  const diameters = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const objects = [...diameters.map((equivalentDiameter, nth) => object(nth + 1, { equivalentDiameter, voxels: nth === 9 ? 91 : 1, zingg: { il: 1, si: 1, class: nth < 4 ? "sphere" : "rod" } })), object(11, { border: true, equivalentDiameter: 1000, voxels: 100 })];
  const population = populationOf(objects, [object(1, { objects: 3 })], { voxels: 1000, voxelVolume: 0.5 });
  // As numpy's quantile with method "inverted_cdf" and weights.
  assert.deepEqual(population.equivalentDiameter, { byNumber: { d10: 1, d50: 5, d90: 9 }, byVolume: { d10: 10, d50: 10, d90: 10 } });
  const { objects: all, borderObjects, shapedObjects, clusters, clusteredObjects, voxels, volume, volumeFraction, zingg } = population;
  assert.deepEqual({ all, borderObjects, shapedObjects, clusters, clusteredObjects, voxels, volume, volumeFraction, zingg },
    { all: 11, borderObjects: 1, shapedObjects: 10, clusters: 1, clusteredObjects: 3, voxels: 200, volume: 100, volumeFraction: 0.2, zingg: { disc: 0, sphere: 4, rod: 6, blade: 0 } });
});

test("means and their spread; one object has none", () => {
  const two = populationOf([object(1, { elongation: 1, contacts: [2, 3] }), object(2, { elongation: 2, contacts: [1] })], [], { voxels: 100, voxelVolume: 1 });
  assert.deepEqual([two.statistics?.elongation, two.statistics?.flatness, two.meanContacts], [{ mean: 1.5, sd: Math.SQRT1_2 }, { mean: 2, sd: 0 }, 1.5]);
  const one = populationOf([object(1)], [], { voxels: 100, voxelVolume: 1 });
  assert.deepEqual(one.statistics?.elongation, { mean: 1.5, sd: null });
});

test("no object, or none clear of the border: nothing is said of shapes", () => {
  for (const objects of [[], [object(1, { border: true })]]) {
    const { equivalentDiameter, statistics, normals, majors, meanContacts, zingg } = populationOf(objects, [], { voxels: 100, voxelVolume: 1 });
    assert.deepEqual([equivalentDiameter, statistics, normals, majors, meanContacts], [null, null, null, null, null]);
    assert.deepEqual(zingg, { disc: 0, sphere: 0, rod: 0, blade: 0 });
  }
});

test("axes that a shape does not settle are left out of their fabric", () => {
  const population = populationOf([object(1), object(2, { axesUncertain: "minor" }), object(3, { axesUncertain: "major" }), object(4, { axesUncertain: "both" })], [], { voxels: 100, voxelVolume: 1 });
  assert.deepEqual([population.normals?.objects, population.majors?.objects], [2, 2]);
  assert.deepEqual([population.normals?.orderParameterZ, population.majors?.orderParameterZ], [1, -0.5]);
});

test("the order parameter is 1 for parallel axes, 0 for three across each other, -1/2 about z for axes in the slice", () => {
  assert.equal(fabricOf([]), null);
  const parallel = fabricOf([[0, 0.6, 0.8], [0, -0.6, -0.8]]);
  assert.ok(Math.abs(parallel!.orderParameter - 1) < 1e-12);
  assert.equal(parallel!.orderParameterZ, -0.5);
  assert.ok(Math.abs(parallel!.eigenvectors[0][1] - 0.6) < 1e-12 && Math.abs(parallel!.eigenvectors[0][2] - 0.8) < 1e-12);
  const crossed = fabricOf([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
  assert.deepEqual(crossed!.tensor, [[1 / 3, 0, 0], [0, 1 / 3, 0], [0, 0, 1 / 3]]);
  assert.ok(Math.abs(crossed!.orderParameter) < 1e-12);
});
