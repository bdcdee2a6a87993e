import assert from "node:assert/strict";
import { test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { validate } from "#protocol/schema.ts";
import type { Progress } from "#protocol/types.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { imageArray, labelArray } from "../../test/array-readers.ts";
import { memoryVolume } from "../../test/contracts/memory-volume.ts";
import { measureFrames, measureLabels } from "./measure-labels.ts";

const coded = (code: string) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === code;

// z, y, x: 5 is a row of three, 9 touches its end at a corner, 2 stands alone on the last slice.
const size: Triple = [3, 4, 5];
const ids = [
  0, 0, 0, 0, 0,
  0, 5, 5, 5, 0,
  0, 0, 0, 0, 9,
  0, 0, 0, 0, 0,

  0, 0, 0, 0, 0,
  0, 0, 0, 0, 0,
  0, 0, 0, 0, 0,
  0, 0, 0, 0, 0,

  0, 0, 0, 0, 0,
  0, 0, 0, 0, 0,
  0, 0, 0, 0, 0,
  2, 2, 0, 0, 0,
];

test("a row of three voxels, one beside its end, two elsewhere", async () => {
  const measures = await measureLabels({ labels: labelArray(ids, size, [2, 1, 0.5]) });
  assert.deepEqual(validate("LabelMeasures", measures), measures);
  assert.deepEqual([measures.unit, measures.spacing, measures.size, measures.frames], ["um", [2, 1, 0.5], [3, 4, 5], 1]);
  assert.deepEqual(measures.objects.map(({ objectId, clusterId, contacts, voxels, volume, border }) => ({ objectId, clusterId, contacts, voxels, volume, border })), [
    { objectId: 2, clusterId: 2, contacts: [], voxels: 2, volume: 2, border: true },
    { objectId: 5, clusterId: 5, contacts: [9], voxels: 3, volume: 3, border: true },
    { objectId: 9, clusterId: 5, contacts: [5], voxels: 1, volume: 1, border: true },
  ]);
  const row = measures.objects[1]!;
  assert.deepEqual([row.start, row.end, row.centroid], [[0, 1, 1], [1, 2, 4], [1, 1.5, 1.25]]);
  // Variances along x: 2/3 of the centres and 1/12 within, 3/4 of 0.5^2; along y 1/12; along z 2^2 / 12.
  const radii = [2 / Math.sqrt(12), Math.sqrt(3 / 16), 1 / Math.sqrt(12)].map((sd) => Math.sqrt(5) * sd);
  for (const nth of [0, 1, 2] as const) assert.ok(Math.abs(row.radii[nth] - radii[nth]!) < 1e-12);
  assert.deepEqual([row.axes, row.major, row.normal], [[[1, 0, 0], [0, 0, 1], [0, 1, 0]], { azimuth: 0, inclination: 0 }, { azimuth: 90, inclination: 90 }]);
  assert.deepEqual([row.solidity, row.convexVolume, row.intensity, row.confidence], [1, 3, null, null]);
  assert.deepEqual(measures.clusters.map(({ objectId, clusterId, objects, voxels, start, end, contacts }) => ({ objectId, clusterId, objects, voxels, start, end, contacts })), [
    { objectId: 5, clusterId: 5, objects: 2, voxels: 4, start: [0, 1, 1], end: [1, 3, 5], contacts: [] },
  ]);
  assert.deepEqual([measures.population.objects, measures.population.clusteredObjects, measures.population.volumeFraction], [3, 2, 0.1]);
});

test("an image gives intensities; values that are no numbers are left out and told apart from none", async () => {
  const values = Float32Array.from(ids, (id, at) => (id === 5 ? 10 + at : id === 9 ? NaN : id === 2 ? 7 : 99));
  const { objects, clusters } = await measureLabels({ labels: labelArray(ids, size), image: imageArray(values, size) });
  assert.deepEqual(objects.map(({ intensity }) => intensity), [
    { mean: 7, sd: 0, min: 7, max: 7, sum: 14 },
    { mean: 17, sd: Math.sqrt(2 / 3), min: 16, max: 18, sum: 51 },
    { mean: null, sd: null, min: null, max: null, sum: 0 },
  ]);
  assert.deepEqual(clusters[0]?.intensity, { mean: 17, sd: Math.sqrt(2 / 3), min: 16, max: 18, sum: 51 });
});

test("frames are measured one by one, objects in the order object, frame; scores go to their objects", async () => {
  const volume = memoryVolume({ t: 2, c: 1, z: 3, y: 4, x: 5 }, (t, _c, z, y, x) => (t === 0 ? ids[(z * 4 + y) * 5 + x]! : z === 1 && y === 1 && x === 2 ? 5 : 0));
  const frames = [0, 1].map((frame) => ({ labels: labelReader(volume, { frame }) }));
  const { objects, clusters, population, unit } = await measureFrames(frames, { confidence: new Map([[5, 0.5], [9, 0.9]]) });
  assert.deepEqual(objects.map(({ objectId, t, voxels, confidence }) => [objectId, t, voxels, confidence]), [[2, 0, 2, null], [5, 0, 3, 0.5], [5, 1, 1, 0.5], [9, 0, 1, 0.9]]);
  assert.deepEqual(clusters.map(({ clusterId, t, confidence }) => [clusterId, t, confidence]), [[5, 0, 0.6]]);
  assert.deepEqual([unit, population.objects, population.shapedObjects, population.volumeFraction], ["vx", 4, 1, 7 / 120]);
  const { objects: later } = await measureFrames([{ labels: frames[1]!.labels, t: 1 }], {});
  assert.deepEqual(later.map(({ objectId, t }) => [objectId, t]), [[5, 1]]);
});

test("an axis of one voxel has no ends: in a single slice only objects at its sides are at the border", async () => {
  const { objects } = await measureLabels({ labels: labelArray([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2], [1, 3, 4]) });
  assert.deepEqual(objects.map(({ objectId, border }) => [objectId, border]), [[1, false], [2, true]]);
});

test("no object at all is an answer", async () => {
  const { objects, clusters, population } = await measureLabels({ labels: labelArray(new Uint8Array(60), size) });
  assert.deepEqual([objects, clusters, population.objects, population.volumeFraction, population.statistics], [[], [], 0, 0, null]);
});

test("what does not belong together is refused; a stated voxel size settles which one holds", async () => {
  const labels = labelArray(ids, size, [1, 1, 1]);
  const values = new Uint8Array(60);
  await assert.rejects(measureLabels({ labels, image: imageArray(values, [3, 5, 4]) }), coded("labels_mismatch"));
  await assert.rejects(measureLabels({ labels, image: imageArray(values, size, [2, 1, 1]) }), coded("labels_mismatch"));
  const { spacing, objects } = await measureLabels({ labels, image: imageArray(values, size, [2, 1, 1]), spacing: [3, 1, 1] });
  assert.deepEqual([spacing, objects[0]?.volume], [[3, 1, 1], 6]);
  assert.deepEqual((await measureLabels({ labels: labelArray(ids, size), image: imageArray(values, size, [2, 1, 1]) })).spacing, [2, 1, 1]);
  const odd = memoryVolume({ t: 1, c: 1, z: 3, y: 4, x: 5 }, (_t, _c, z) => (z === 2 ? -1 : 0));
  await assert.rejects(measureLabels({ labels: labelReader(odd) }), coded("labels_invalid"));
});

test("it tells how far it is, and stops when told", async () => {
  const told: Progress[] = [];
  await measureLabels({ labels: labelArray(ids, size), voxelsAtOnce: 10 }, { onProgress: (progress) => told.push(progress) });
  assert.deepEqual(told.map(({ done, total, unit }) => `${done}/${total} ${unit}`), ["0/3 planes", "1/3 planes", "1/3 planes", "2/3 planes", "2/3 planes", "3/3 planes", "3/3 objects"]);
  const stop = new AbortController();
  await assert.rejects(measureLabels({ labels: labelArray(ids, size), voxelsAtOnce: 10 }, { signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort() }), coded("cancelled"));
});
