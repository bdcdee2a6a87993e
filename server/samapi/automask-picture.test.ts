import assert from "node:assert/strict";
import test from "node:test";
import { automaskRequest } from "./automask-picture.ts";
import { readAutomask } from "./requests.ts";

const mask = (area: number, score: number, box: [number, number, number, number] = [5, 5, 9, 9]) => ({ area, score, box, bits: new Uint8Array(0) });
const order = (body: object) => automaskRequest(readAutomask({ b64img: "x", ...body }), [0, 0, 400, 320]);

test("the kind of output says which mask of one thing stays", () => {
  const [small, large, sure] = [mask(10, 0.5), mask(90, 0.6), mask(50, 0.9)];
  const first = (kind: string, type = "vit_b"): unknown => [small, large, sure].sort(order({ output_type: kind, type }).better ?? ((a, b) => b.score - a.score))[0];
  assert.equal(first("Multi-mask (smallest)"), small);
  assert.equal(first("Single Mask"), small);
  assert.equal(first("Multi-mask (largest)"), large);
  assert.equal(first("multi-mask (best quality)"), sure);
  assert.equal(first("Multi-mask (smallest)", "sam2_t"), sure, "samapi's SAM 2 looks at scores alone");
  assert.equal(order({ output_type: "Multi-mask (all)" }).grid?.boxNmsThresh, 1);
  assert.deepEqual([order({}).grid?.multimaskOutput, order({ output_type: "Multi-mask (all)" }).grid?.multimaskOutput], [false, true]);
});

test("a mask of the whole view goes, unless it is asked for", () => {
  const [whole, most] = [mask(1, 1, [3, 0, 400, 301]), mask(1, 1, [0, 0, 400, 290])];
  const { accepts } = order({});
  assert.deepEqual([accepts?.(whole), accepts?.(most)], [false, true]);
  assert.equal(order({ include_image_edge: true }).accepts, undefined);
  assert.equal(order({ type: "sam2_l" }).accepts, undefined);
});

test("defaults are samapi's", () => {
  assert.deepEqual(order({}).grid, {
    pointsPerSide: 32, predIouThresh: 0.88, stabilityScoreThresh: 0.95, stabilityScoreOffset: 1, boxNmsThresh: 0.7, cropNLayers: 0, cropNmsThresh: 0.7,
    cropOverlapRatio: 512 / 1500, cropNPointsDownscaleFactor: 1, multimaskOutput: false, minArea: 1, maxAreaPart: 1,
  });
});
