import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { areaOf } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";
import { warnRules } from "../warn-rules.ts";
import { contrastLeft, judge, stopRules, type Past } from "./stop-rules.ts";

const seen: PixelBox = [0, 0, 100, 80];
const before = block(20, 20, 40, 30);
const past: Past = { mask: before, promptedArea: 200, promptedContrast: 50, faintest: 1 };

describe("judge", () => {
  it("is content with a mask like the one before", () => {
    assert.deepEqual(judge({ ...past, promptedContrast: -50 }, { mask: block(21, 20, 41, 30), score: 0.9, contrast: -50 }, seen), { presence: 0.9, warnings: [] });
  });

  it("ends an object by each rule", () => {
    const of = (mask: Raster, score = 0.9, contrast = 50): string | undefined => judge(past, { mask, score, contrast }, seen).end;
    assert.equal(of({ box: [0, 0, 0, 0], data: new Uint8Array(0) }), "empty");
    assert.equal(of(block(20, 20, 27, 21)), "empty");
    assert.equal(of(block(20, 20, 60, 40)), "area-jump");
    assert.equal(of(block(40, 30, 60, 40)), "lost");
    assert.equal(of(before, stopRules.leastScore - 0.01), "low-score");
    assert.equal(of(before, 0.9, 50 * stopRules.leastContrast - 1), "low-contrast");
    assert.equal(of(before, 0.9, -50), "low-contrast", "bright where it was dark");
    assert.equal(of(before), undefined);
  });

  it("warns before it ends", () => {
    const of = (mask: Raster, score = 0.9, contrast = 50) => judge(past, { mask, score, contrast }, seen);
    assert.deepEqual(of(before, warnRules.score - 0.01).warnings, ["low-score"]);
    assert.deepEqual(of(before, 0.9, 50 * warnRules.contrast - 1).warnings, ["low-contrast"]);
    assert.deepEqual(of(block(20, 20, 45, 30)).warnings, ["area-jump"]);
    assert.deepEqual(of(block(26, 20, 46, 30)).warnings, ["drift"]);
    for (const verdict of [of(before, 0.7), of(block(20, 20, 45, 30)), of(block(26, 20, 46, 30))]) assert.equal(verdict.end, undefined);
  });

  it("says when a mask touches the edge of what was seen", () => {
    assert.deepEqual(judge(undefined, { mask: block(0, 20, 9, 30), score: 0.9, contrast: 9 }, seen).warnings, ["touches-edge"]);
    assert.deepEqual(judge(undefined, { mask: block(20, 60, 29, 80), score: 0.9, contrast: 9 }, seen).warnings, ["touches-edge"]);
  });

  it("ends a prompted plane only where there is nothing", () => {
    assert.equal(judge(undefined, { mask: block(3, 3, 4, 4), score: 0.1, contrast: 0 }, seen).end, undefined);
    assert.equal(judge(undefined, { mask: { box: [0, 0, 0, 0], data: new Uint8Array(0) }, score: 0.1, contrast: 0 }, seen).end, "empty");
  });

  it("is less sure where less contrast is left", () => {
    assert.equal(judge(past, { mask: before, score: 0.8, contrast: 25 }, seen).presence, 0.4);
    assert.equal(judge(past, { mask: before, score: 0.8, contrast: -25 }, seen).presence, 0);
  });

  it("ends where a faded object gives way to the next one", () => {
    const of = (faintest: number, left: number) => judge({ ...past, faintest }, { mask: before, score: 0.9, contrast: 50 * left }, seen).end;
    assert.equal(of(0.5, 0.55), undefined);
    assert.equal(of(0.5, 0.7), "lost");
    assert.equal(of(0.95, 1.3), undefined, "it had not faded");
    assert.equal(of(1, stopRules.mostContrast + 0.01), "lost", "a brighter neighbour");
  });

  it("ends where a tenth of the prompted area is left", () => {
    assert.equal(judge({ ...past, promptedArea: 2001 }, { mask: before, score: 0.9, contrast: 50 }, seen).end, "empty");
    assert.equal(contrastLeft(10, 0), 1);
  });

  it("counts set pixels", () => {
    assert.equal(areaOf({ box: [3, 4, 6, 6], data: Uint8Array.of(1, 0, 1, 0, 1, 1) }), 4);
  });
});

function block(u0: number, v0: number, u1: number, v1: number): Raster {
  return { box: [u0, v0, u1, v1], data: new Uint8Array((u1 - u0) * (v1 - v0)).fill(1) };
}
