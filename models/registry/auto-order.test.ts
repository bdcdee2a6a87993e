import assert from "node:assert/strict";
import test from "node:test";
import { autoOrder } from "./auto-order.ts";
import type { Candidate } from "./auto-order.ts";
import { models } from "./catalogue.ts";
import type { Score } from "./scores.ts";

function there(id: string, family: "sam1" | "sam2", more: Partial<Candidate> = {}): Candidate {
  return { id, family, embedded: false, installedAt: "", preferred: true, ...more };
}

const all = [
  there("mobile-sam", "sam1"), there("cells", "sam2", { installedAt: "2026-03-01T00:00:00.000Z" }), there("platelets", "sam2", { installedAt: "2026-05-01T00:00:00.000Z" }), there("sam2-tiny", "sam2"), there("edgetam", "sam2"),
  there("sam2.1-large", "sam2"), there("sam2.1-tiny", "sam2"), there("other-sam", "sam1"), there("drawn", "sam2", { installedAt: "2026-09-01T00:00:00.000Z", preferred: false }),
];
const [judged, other] = ["a".repeat(64), "b".repeat(64)];
const box = there("masklet-sam2", "sam2", { embedded: true, sha256: judged });
const order = (candidates: Candidate[], fast: boolean, scores: Record<string, Score> = {}) => autoOrder(candidates, models, fast, new Map(Object.entries(scores))).map(({ id }) => id);
const scored = (own: number, mobile: number, sha256: string | undefined = judged) => ({ "masklet-sam2": { sha256, mean: own }, "mobile-sam": { sha256: undefined, mean: mobile } });

test("on a processor EdgeTAM comes first, then the smallest of SAM 2.1, then SAM 2, then what was added, newest first", () => {
  assert.deepEqual(order(all, false), ["edgetam", "sam2.1-tiny", "sam2.1-large", "sam2-tiny", "platelets", "cells", "mobile-sam", "other-sam"]);
  assert.deepEqual(order([...all].reverse(), false), order(all, false));
});

test("where it is fast, the largest comes first, and EdgeTAM after all others of the catalogue that have a memory", () => {
  assert.deepEqual(order(all, true).slice(0, 5), ["sam2.1-large", "sam2.1-tiny", "sam2-tiny", "edgetam", "platelets"]);
});

test("what says that it is not to be preferred is never chosen", () => {
  assert.deepEqual(order(all.slice(-1), false), []);
});

test("what comes with the package is before MobileSAM where just these weights were found to be better, and after it elsewhere", () => {
  const pair = [there("mobile-sam", "sam1"), box];
  const [before, after] = [["masklet-sam2", "mobile-sam"], ["mobile-sam", "masklet-sam2"]];
  assert.deepEqual(order(pair, false, scored(0.71, 0.7)), before);
  assert.deepEqual(order(pair, true, scored(0.71, 0.7)), before);
  assert.deepEqual(order(pair, false, scored(0.7, 0.7)), after, "equal is not better");
  assert.deepEqual(order(pair, false, scored(0.6, 0.7)), after);
  assert.deepEqual(order(pair, false, scored(0.9, 0.7, other)), after, "other weights were judged");
  assert.deepEqual(order(pair, false, { "masklet-sam2": { sha256: undefined, mean: 0.9 }, "mobile-sam": { sha256: undefined, mean: 0.7 } }), after, "nobody knows what was judged");
  assert.deepEqual(order(pair, false, { "masklet-sam2": { sha256: judged, mean: 0.9 } }), after, "there is nothing to compare with");
  assert.deepEqual(order(pair, false), after);
  assert.deepEqual(order([box], false), ["masklet-sam2"], "and it is what there is where nothing was installed");
});

test("what a person installed or trained stays before what came unasked, however good that is", () => {
  for (const fast of [false, true]) {
    assert.deepEqual(order([...all, box], fast, scored(0.99, 0.1)).slice(4), ["platelets", "cells", "masklet-sam2", "mobile-sam", "other-sam"]);
    assert.deepEqual(order([box, ...all], fast, scored(0.1, 0.99)).slice(4), ["platelets", "cells", "mobile-sam", "masklet-sam2", "other-sam"]);
  }
  // Other weights that somebody installed under its name are somebody's own.
  assert.deepEqual(order([there("masklet-sam2", "sam2", { installedAt: "2026-01-01T00:00:00.000Z" }), ...all.slice(0, 2)], false), ["cells", "masklet-sam2", "mobile-sam"]);
});
