// Evaluations against scikit-image, SimpleITK, scipy, StarDist and cellpose (fixtures/make/evaluate/evaluate.py), on seeded label images and on real ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import type { Schema } from "#protocol/types.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { labelReader, type Triple } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { arrayReader, forEachVoxel } from "../label-scenes.ts";
import { realData } from "../tools.ts";

interface Summary {
  readonly hausdorff: number;
  readonly hausdorff95: number;
  readonly meanDistance: number;
}

interface Case {
  readonly file?: string;
  readonly size: Triple;
  readonly spacing: Triple;
  readonly itkOverlap: Readonly<Record<"dice" | "jaccard" | "volumeSimilarity" | "falseNegative", number>>;
  readonly kumar: number;
  readonly stardist: readonly Readonly<Record<"thresh" | "fp" | "tp" | "fn" | "precision" | "recall" | "accuracy" | "f1" | "mean_true_score" | "mean_matched_score" | "panoptic_quality", number>>[];
  readonly cellposeAp: readonly number[];
  readonly modes: Schema<"PerParticleScores">;
  readonly adaptedRand: readonly [number, number, number];
  readonly information: readonly [number, number];
  readonly informationInObjects: readonly [number, number];
  readonly scipySurface: Summary;
  readonly itkSurface: Summary | null;
  readonly skimageHausdorff: number | null;
  readonly pairs: readonly (readonly [truth: number, prediction: number, iou: number, hausdorff: number, hausdorff95: number, meanDistance: number])[];
  readonly border: number;
  readonly shapes: Readonly<Record<"elongation" | "flatness", readonly [number, number, number] | null>>;
  readonly slices: Readonly<Record<string, number>>;
  readonly byDistance: readonly (readonly [distance: number, dice: number, slices: number])[];
}

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/evaluate/${name}`, import.meta.url));
const seeded: readonly Case[] = JSON.parse(fixture("cases.json").toString());
const real: readonly Case[] = JSON.parse(fixture("real.json").toString());
const bytes = gunzipSync(fixture("labels.bin.gz"));
const { folder, skip } = realData();

let at = 0;
for (const expected of seeded) {
  const voxels = expected.size[0] * expected.size[1] * expected.size[2];
  const sides = [0, 1].map((side) => Uint32Array.from({ length: voxels }, (_, nth) => bytes.readUInt16LE(2 * (at + side * voxels + nth))));
  at += 2 * voxels;
  test(`seeded label images of ${expected.size.join(" x ")} at ${expected.spacing.join(" x ")}`, async () => check(sides[0]!, sides[1]!, expected));
}

for (const expected of real) {
  test(`${expected.file} and the same worsened`, { skip }, async () => {
    const source = await openVolume(join(folder, expected.file!));
    try {
      const truth = await labelReader(source).read([0, 0, 0], expected.size);
      await check(truth, worsened(truth, expected.size), expected);
    } finally {
      await source.close();
    }
  });
}

async function check(truth: Uint32Array, prediction: Uint32Array, expected: Case): Promise<void> {
  const { size, spacing } = expected;
  const promptedSlices = new Map(Object.entries(expected.slices).map(([id, z]) => [Number(id), z]));
  const found = await evaluateLabels({ truth: arrayReader(truth, size), prediction: arrayReader(prediction, size), spacing, promptedSlices }, {}, 60_000);

  near([found.foreground.dice, found.foreground.jaccard, found.foreground.relativeVolumeDifference, 1 - found.foreground.recall], [expected.itkOverlap.dice, expected.itkOverlap.jaccard, expected.itkOverlap.volumeSimilarity, expected.itkOverlap.falseNegative], "ITK's overlap");
  near([found.aggregatedJaccard], [expected.kumar], "aggregated Jaccard");
  const { dice, jaccard, volumetricSimilarity, unmatched } = found.perParticle;
  near([dice, jaccard, volumetricSimilarity, unmatched], [expected.modes.dice, expected.modes.jaccard, expected.modes.volumetricSimilarity, expected.modes.unmatched], "per particle");
  for (const [nth, scores] of found.oneToOne.thresholds.entries()) {
    const star = expected.stardist[nth]!;
    // StarDist and cellpose keep IoU as float32.
    near([scores.threshold, scores.tp, scores.fp, scores.fn, scores.precision, scores.recall, scores.ap, scores.f1, scores.meanTrueIou, scores.meanMatchedIou, scores.pq, scores.sq * scores.rq],
      [star.thresh, star.tp, star.fp, star.fn, star.precision, star.recall, star.accuracy, star.f1, star.mean_true_score, star.mean_matched_score, star.panoptic_quality, star.panoptic_quality], `StarDist at ${star.thresh}`, 1e-6);
    near([scores.ap], [expected.cellposeAp[nth]!], "cellpose", 1e-6);
  }
  // scikit-image divides by the truth's pairs where it says precision, and by the test's where it says recall.
  near([found.adaptedRand.error, found.adaptedRand.recall, found.adaptedRand.precision], expected.adaptedRand, "adapted Rand");
  near([found.variationOfInformation.all.split, found.variationOfInformation.all.merge], expected.information, "information");
  near([found.variationOfInformation.objects.split, found.variationOfInformation.objects.merge], expected.informationInObjects, "information in objects");

  const surface = found.surface.foreground!;
  const distances = [surface.hausdorff, surface.hausdorff95, surface.meanDistance];
  near(distances, [expected.scipySurface.hausdorff, expected.scipySurface.hausdorff95, expected.scipySurface.meanDistance], "scipy's distances");
  // Maurer's map is float32.
  if (expected.itkSurface !== null) near(distances, [expected.itkSurface.hausdorff, expected.itkSurface.hausdorff95, expected.itkSurface.meanDistance], "ITK's distances", 1e-5);
  if (expected.skimageHausdorff !== null) near([surface.hausdorff], [expected.skimageHausdorff], "scikit-image's Hausdorff distance");

  const rows = new Map(found.objects.map((row) => [row.truth, row]));
  assert.equal(found.surface.objects.pairs, expected.pairs.length);
  assert.ok(expected.pairs.length > 0);
  for (const [id, partner, ...values] of expected.pairs) {
    const row = rows.get(id)!;
    near([row.prediction!, row.iou!, row.hausdorff!, row.hausdorff95!, row.meanDistance!], [partner, ...values], `object ${id}`);
  }
  assert.equal(found.shape.border, expected.border);
  for (const ratio of ["elongation", "flatness"] as const) {
    const { meanSigned, meanAbsolute, meanRelative } = found.shape[ratio];
    if (expected.shapes[ratio] === null) assert.equal(meanSigned, null);
    else near([meanSigned!, meanAbsolute!, meanRelative!], expected.shapes[ratio], ratio, 1e-7);
  }
  assert.deepEqual(found.byDistance!.map(({ distance, slices }) => [distance, slices]), expected.byDistance.map(([distance, , slices]) => [distance, slices]));
  near(found.byDistance!.map((row) => row.dice), expected.byDistance.map(([, value]) => value), "Dice by distance");
}

/** As in fixtures/make/evaluate/evaluate.py. */
function worsened(truth: Uint32Array, size: Triple): Uint32Array {
  const top = truth.reduce((most, id) => Math.max(most, id), 0);
  const found = new Uint32Array(truth.length);
  forEachVoxel(size, (to, [z, y, x]) => {
    const id = y === 0 || x === 0 ? 0 : truth[(z * size[1] + y - 1) * size[2] + x - 1]!;
    found[to] = id % 7 === 3 ? 0 : id % 5 === 2 ? id - 1 : id % 4 === 1 && x % 8 < 4 ? id + top : id;
  });
  found[(size[0] - 1) * size[1] * size[2]] = 3 * top + 1;
  return found;
}

function near(actual: readonly number[], expected: readonly number[], what: string, tolerance = 1e-9): void {
  assert.equal(actual.length, expected.length);
  for (const [nth, value] of actual.entries()) assert.ok(Math.abs(value - expected[nth]!) <= tolerance * Math.max(1, Math.abs(expected[nth]!)), `${what}, ${nth}: ${value} is not ${expected[nth]}`);
}
