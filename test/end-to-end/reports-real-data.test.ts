// Reports of real stacks with labels that people drew: what the plots hold is what was measured and judged.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import type { Report } from "#server/reports/contract.ts";
import { composeEvaluationReport } from "#server/reports/evaluation-report.ts";
import { composeMeasureReport } from "#server/reports/measure-report.ts";
import { reportPage } from "#server/reports/report-page.ts";
import { imageReader } from "#server/volumes/image-reader.ts";
import { labelReader, type LabelReader, type Triple } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { realData } from "../tools.ts";
import { assertSelfContained, assertWellFormed } from "../well-formed.ts";

const { folder, skip } = realData();
const stacks: readonly { name: string; labels: string; image: string; spacing: Triple }[] = [
  { name: "clay platelets", labels: "clay-phantom-suspension/labels.tif", image: "clay-phantom-suspension/raw.tif", spacing: [1, 1, 1] },
  { name: "nuclei of a mouse embryo, unequal voxels", labels: "bbbc050-embryo/gt/Emb06_t401.tif", image: "bbbc050-embryo/raw/Emb06_t401.tif", spacing: [1.75, 0.8, 0.8] },
];

async function checkedPage(report: Report): Promise<void> {
  const html = await reportPage(report);
  assertWellFormed(html);
  assertSelfContained(html);
  assert.ok(html.length < 10_000_000, `${html.length} bytes`);
}

function marksOf(report: Report, name: string): number {
  const block = report.sections.flatMap(({ blocks }) => blocks).find((each) => each.kind === "plot" && each.plot.name === name);
  assert.ok(block?.kind === "plot", `no plot ${name}`);
  return block.svg.split("<title>").length - 1;
}

/** The same labels, one voxel further along x: wrong everywhere a little. */
function shifted(labels: LabelReader): LabelReader {
  return { ...labels, name: "shifted", read: async (start, end, signal) => {
    const width = end[2] - start[2];
    const ids = await labels.read(start, end, signal);
    return ids.map((_, at) => (at % width === 0 ? 0 : ids[at - 1]!));
  } };
}

for (const { name, labels: labelsPath, image: imagePath, spacing } of stacks) {
  test(`a report of ${name}`, { skip }, async () => {
    const [truth, raw] = [await openVolume(join(folder, labelsPath)), await openVolume(join(folder, imagePath))];
    const [labels, image] = [labelReader(truth), imageReader(raw)];
    const measures = await measureLabels({ labels, image, spacing });
    const { shapedObjects, normals, majors } = measures.population;
    const report = await composeMeasureReport({ title: name, measures, labels, image });
    await checkedPage(report);
    for (const plot of ["zingg", "flatness-against-volume", "elongation-against-volume"]) assert.equal(marksOf(report, plot), shapedObjects, plot);
    // One more for the main direction.
    assert.equal(marksOf(report, "platelet-normals"), normals!.objects + 1);
    assert.equal(marksOf(report, "long-axes"), majors!.objects + 1);

    const prediction = shifted(labels);
    const evaluation = await evaluateLabels({ truth: labels, prediction, spacing });
    const judged = await composeEvaluationReport({ title: name, truth: labels, image, predictions: [{ name: "shifted", labels: prediction, evaluation }] });
    await checkedPage(judged);
    assert.equal(marksOf(judged, "dice-by-volume"), evaluation.objects.length);
    assert.equal(marksOf(judged, "flatness-true-predicted"), evaluation.shape.pairs);
    await truth.close();
    await raw.close();
  });
}
