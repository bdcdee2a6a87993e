import assert from "node:assert/strict";
import test from "node:test";
import { autoOrder } from "./auto-order.ts";
import type { Candidate } from "./auto-order.ts";
import { models } from "./catalogue.ts";

function installed(id: string, family: "sam1" | "sam2", installedAt = "", metadata: Record<string, string> = {}): Candidate {
  return { id, manifest: { id, family, integrity: "recorded", files: [], installedAt, compiled: { sourceSha256: "", sourceBytes: 0, imageSize: 1024, int8: false, compilerVersion: 1, metadata } } };
}

const all = [
  installed("mobile-sam", "sam1"), installed("cells", "sam2", "2026-03-01T00:00:00.000Z"), installed("platelets", "sam2", "2026-05-01T00:00:00.000Z"), installed("sam2-tiny", "sam2"), installed("edgetam", "sam2"),
  installed("sam2.1-large", "sam2"), installed("sam2.1-tiny", "sam2"), installed("other-sam", "sam1"), installed("drawn", "sam2", "2026-09-01T00:00:00.000Z", { "masklet.preferred": "false" }),
];
const order = (candidates: Candidate[], fast: boolean) => autoOrder(candidates, models, fast).map(({ id }) => id);

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
