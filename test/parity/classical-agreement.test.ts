// Scores of label images against tables of IoU by numpy, matched by scipy's assignment solver (fixtures/make/classical/agreement.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { oneToOne } from "../../server/evaluate/agreement.ts";
import { countContingency } from "../../server/evaluate/contingency.ts";
import { modesOf, perParticle } from "../../server/evaluate/per-particle.ts";

interface Scores {
  readonly f1: readonly number[];
  readonly ap: readonly number[];
  readonly pq: readonly number[];
  readonly thesisDice: number;
  readonly truths: number;
  readonly predictions: number;
}

const folder = new URL("../../fixtures/classical/agreement/", import.meta.url);
const { size, pairs }: { size: readonly [number, number, number]; pairs: readonly Scores[] } = JSON.parse(readFileSync(new URL("scores.json", folder), "utf8"));
const bytes = gunzipSync(readFileSync(new URL("labels.bin.gz", folder)));
const voxels = size[0] * size[1] * size[2];
const labels = Uint16Array.from({ length: 2 * voxels * pairs.length }, (_, at) => bytes.readUInt16LE(2 * at));

for (const [nth, expected] of pairs.entries()) {
  test(`label images ${nth + 1} score what an assignment solver finds`, () => {
    const count = countContingency();
    const at = 2 * nth * voxels;
    count.add(labels.subarray(at, at + voxels), labels.subarray(at + voxels, at + 2 * voxels));
    const table = count.table();
    assert.deepEqual([table.truths.ids.length - 1, table.predictions.ids.length - 1], [expected.truths, expected.predictions]);
    near(perParticle(table, modesOf(table)).dice, expected.thesisDice);
    for (const [rank, { f1, ap, pq }] of oneToOne(table).thresholds.entries()) {
      near(f1, expected.f1[rank]!);
      near(ap, expected.ap[rank]!);
      near(pq, expected.pq[rank]!);
    }
  });
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}
