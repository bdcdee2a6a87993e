import assert from "node:assert/strict";
import test from "node:test";
import { gridPoints, sideInLayer, wholeGrid } from "./grid.ts";

test("clicks lie in the middles of equal parts, row by row", () => {
  assert.deepEqual(gridPoints(2, [10, 20, 18, 24]), [[12, 21], [16, 21], [12, 23], [16, 23]]);
  assert.deepEqual(gridPoints(1, [0, 0, 5, 3]), [[2.5, 1.5]]);
  const points = gridPoints(32, [0, 0, 640, 320]);
  assert.deepEqual([points.length, points[0], points[1], points[1023]], [1024, [10, 5], [30, 5], [630, 315]]);
});

test("what is not given is as in the reference, but for the smallest and the largest mask", () => {
  assert.deepEqual(wholeGrid({ pointsPerSide: 4 }, "mobile-sam"), {
    pointsPerSide: 4, predIouThresh: 0.8, stabilityScoreThresh: 0.95, stabilityScoreOffset: 1, boxNmsThresh: 0.7, cropNLayers: 0, cropNmsThresh: 0.7,
    cropOverlapRatio: 512 / 1500, cropNPointsDownscaleFactor: 1, useM2m: false, multimaskOutput: true, minArea: 8, maxAreaPart: 0.4,
  });
});

test("the small network in the box comes nearer and is believed sooner, unless it is told otherwise", () => {
  const sam = wholeGrid({}, "toString");
  assert.deepEqual(wholeGrid(undefined, "masklet-sam2"), { ...sam, predIouThresh: 0.6, stabilityScoreThresh: 0.7, cropNLayers: 1, cropNPointsDownscaleFactor: 2 });
  assert.deepEqual(wholeGrid({ predIouThresh: 0.8, stabilityScoreThresh: 0.95, cropNLayers: 0, cropNPointsDownscaleFactor: 1 }, "masklet-sam2"), sam);
});

test("deeper layers have fewer clicks a side, rounded down, but one at least", () => {
  const grid = wholeGrid({ pointsPerSide: 30, cropNPointsDownscaleFactor: 4 }, "mobile-sam");
  assert.deepEqual([0, 1, 2, 3].map((layer) => sideInLayer(grid, layer)), [30, 7, 1, 1]);
});
