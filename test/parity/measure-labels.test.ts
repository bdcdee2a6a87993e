// Measures of label images against scikit-image, SciPy, SimpleITK and cc3d (fixtures/make/measure/measure.py), on seeded volumes and on real ones.
// Voxels, boxes, centroids, radii, axes, voxels of the hull, Feret diameters, intensities and contacts are equal to 1e-8. Departures:
// - scikit-image and SimpleITK leave out the spread within a voxel, size^2 / 12: it is added to the one's tensor in the fixtures, and to the other's
//   moments here (on voxels with equal sides: there it adds the same to all of them). So their objects one voxel thick have a radius of 0;
// - scikit-image has no hull of objects that lie in a plane: SciPy's of the middles of their faces stands for it there;
// - scikit-image's Feret diameter is that of the faces of all voxels in the hull, which may reach up to a voxel beyond it; SciPy's is that of the
//   object's own faces, as ours;
// - SimpleITK's Feret diameter is that of the voxel centres, up to a voxel less;
// - SimpleITK's surface is ours on voxels with equal sides. On others it keeps the weights of equal ones, which are not theirs: it is worked out here.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import type { ObjectMeasures } from "#protocol/types.ts";
import { croftonWeights, directionClasses } from "#server/measure/crofton.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { imageArray, labelArray } from "../array-readers.ts";
import { realData } from "../tools.ts";

interface Row {
  readonly id: number;
  readonly voxels: number;
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly centroid: readonly number[];
  readonly radii: readonly number[];
  readonly axes: readonly number[];
  readonly convexVoxels: number;
  readonly feret: number;
  readonly minFeret: number;
  readonly skimageFeret: number | null;
  readonly intensity: readonly number[];
  readonly itk: { readonly surface: number; readonly feret: number; readonly elongation: number; readonly flatness: number; readonly moments: readonly number[]; readonly axes: readonly number[]; readonly equivalentRadius: number; readonly onBorder: number };
}

interface Answers {
  readonly labels: string;
  readonly spacing: Triple;
  readonly rows: readonly Row[];
  readonly contacts: readonly (readonly number[])[];
}

const folder = new URL("../../fixtures/measure/", import.meta.url);
const { size, volumes, cases }: { size: Triple; volumes: Record<string, { at: number; length: number }>; cases: Answers[] } = JSON.parse(readFileSync(new URL("cases.json", folder), "utf8"));
const bytes = Uint8Array.from(gunzipSync(readFileSync(new URL("volumes.bin.gz", folder)))).buffer;
const volume = (name: string): Uint16Array => new Uint16Array(bytes, volumes[name]!.at, volumes[name]!.length);

function near(ours: number, theirs: number, what: string, relative = 1e-8, absolute = 1e-8): void {
  assert.ok(Math.abs(ours - theirs) <= relative * Math.abs(theirs) + absolute, `${what}: ${ours}, expected ${theirs}`);
}

function compare(objects: readonly ObjectMeasures[], { rows, contacts, spacing }: Answers): void {
  assert.deepEqual(objects.map(({ objectId, voxels, start, end }) => ({ id: objectId, voxels, start, end })), rows.map(({ id, voxels, start, end }) => ({ id, voxels, start, end })));
  assert.deepEqual(objects.flatMap(({ objectId, contacts: touched }) => touched.filter((other) => other > objectId).map((other) => [objectId, other])), contacts);
  const voxel = spacing[0] * spacing[1] * spacing[2];
  for (const [nth, row] of rows.entries()) {
    const object = objects[nth]!;
    const what = `object ${row.id}`;
    for (const axis of [0, 1, 2] as const) {
      near(object.centroid[axis], row.centroid[axis]!, `${what}, centroid`);
      near(object.radii[axis], row.radii[axis]!, `${what}, radius ${axis + 1}`);
    }
    compareAxes(object, row.axes, what);
    assert.equal(Math.round(object.convexVolume / voxel), row.convexVoxels, `${what}, voxels of the hull`);
    near(object.solidity, row.voxels / row.convexVoxels, `${what}, solidity`);
    near(object.feret, row.feret, `${what}, Feret`);
    near(object.minFeret, row.minFeret, `${what}, smallest Feret`);
    if (row.skimageFeret !== null) assert.ok(row.skimageFeret >= object.feret - 1e-8 && row.skimageFeret <= object.feret + Math.max(...spacing), `${what}, Feret ${object.feret} beside scikit-image's ${row.skimageFeret}`);
    near(object.equivalentDiameter, 2 * row.itk.equivalentRadius, `${what}, equivalent diameter`);
    for (const [at, name] of (["mean", "sd", "min", "max"] as const).entries()) near(object.intensity![name]!, row.intensity[at]!, `${what}, intensity ${name}`);
    compareItk(object, row, spacing, what);
  }
}

/** An axis is as well settled as its radius is apart from the others; either end of it is right. */
function compareAxes({ elongation, flatness, axes }: ObjectMeasures, theirs: readonly number[], what: string): void {
  const settled = [elongation > 1.001, elongation > 1.001 && flatness > 1.001, flatness > 1.001];
  for (const [axis, vector] of axes.entries()) {
    if (settled[axis]) near(Math.abs(vector.reduce((sum, part, at) => sum + part * theirs[3 * axis + at]!, 0)), 1, `${what}, axis ${axis + 1}`);
  }
}

function compareItk(object: ObjectMeasures, { itk }: Row, spacing: Triple, what: string): void {
  assert.equal(object.border, itk.onBorder > 0, `${what}, border`);
  assert.ok(object.feret >= itk.feret && object.feret <= itk.feret + Math.max(...spacing) * (1 + 1e-9), `${what}, Feret ${object.feret} beside SimpleITK's ${itk.feret}`);
  if (spacing[0] !== spacing[1] || spacing[1] !== spacing[2]) return;
  near(object.surface, itk.surface, `${what}, surface`);
  const [l3, l2, l1] = object.radii.map((radius) => radius ** 2 / 5 - spacing[0] ** 2 / 12).reverse();
  for (const [at, moment] of [l3!, l2!, l1!].entries()) near(moment, itk.moments[at]!, `${what}, moment ${at}`, 1e-7, 1e-7);
  compareAxes(object, itk.axes, `${what}, SimpleITK`);
  if (l3! > 0.01) {
    near(Math.sqrt(l1! / l2!), itk.elongation, `${what}, elongation`, 1e-6);
    near(Math.sqrt(l2! / l3!), itk.flatness, `${what}, flatness`, 1e-6);
  }
}

for (const answers of cases) {
  test(`${answers.labels}, voxels of ${answers.spacing.join(" x ")}: as scikit-image, SciPy, SimpleITK and cc3d have it`, async () => {
    const { objects } = await measureLabels({ labels: labelArray(volume(answers.labels), size), image: imageArray(volume("image"), size), spacing: answers.spacing, voxelsAtOnce: 5000 });
    compare(objects, answers);
  });
}

test("on voxels of unequal sides SimpleITK's surface is the same crossings, weighted as on equal ones", async () => {
  const row = cases.find(({ labels, spacing }) => labels === "odd" && spacing[0] !== spacing[1])!;
  const parts = croftonWeights([1, 1, 1]).map((weight, nth) => weight * Math.hypot(...directionClasses[nth]!.steps));
  const step = (nth: number): number => Math.hypot(...directionClasses[nth]!.steps.map((along, axis) => along * row.spacing[axis]!));
  const voxel = row.spacing[0] * row.spacing[1] * row.spacing[2];
  // A single voxel is crossed twice by each direction.
  const surface = directionClasses.reduce((sum, { directions }, nth) => sum + (2 * directions * parts[nth]! * voxel) / step(nth), 0);
  near(surface, row.rows.find(({ id }) => id === 7)!.itk.surface, "a voxel's surface");
});

const real = realData();
const realAnswers: (Answers & { readonly image: string; readonly sha256: string })[] = JSON.parse(readFileSync(new URL("real.json", folder), "utf8"));
for (const answers of realAnswers) {
  test(`${answers.labels}: ${answers.rows.length} real objects as scikit-image, SciPy, SimpleITK and cc3d have them`, { skip: real.skip }, async () => {
    const path = join(real.folder, answers.labels);
    assert.equal(createHash("sha256").update(readFileSync(path)).digest("hex"), answers.sha256, "the file that the answers are of");
    const [labels, image] = [await openVolume(path), await openVolume(join(real.folder, answers.image))];
    try {
      const { objects, unit } = await measureLabels({ labels: labelReader(labels), image: imageReader(image), spacing: answers.spacing });
      assert.equal(unit, "um");
      compare(objects, answers);
    } finally {
      await labels.close();
      await image.close();
    }
  });
}
