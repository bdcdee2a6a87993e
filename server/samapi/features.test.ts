import assert from "node:assert/strict";
import test from "node:test";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { pictureFeatures, videoFeatures } from "./features.ts";

const holed = maskOfRows(10, 20, ["###", "#.#", "###"], { score: 0.9 });
const parts = maskOfRows(0, 0, ["#.", ".#"], { score: 0.2 });
const none = maskOfRows(0, 0, ["..", ".."], { score: 0.7 });

test("each mask keeps its own quality, and one without a pixel is left out", () => {
  const features = JSON.parse(JSON.stringify(pictureFeatures([holed, none, parts], "mobile-sam")));
  assert.deepEqual(features.map((feature: { properties: unknown }) => feature.properties), [
    { label: "object", quality: 0.9, sam_model: "mobile-sam" }, { label: "object", quality: 0.2, sam_model: "mobile-sam" },
  ]);
  assert.deepEqual(features.map((feature: { geometry: { type: string; coordinates: unknown[] } }) => [feature.geometry.type, feature.geometry.coordinates.length]), [["Polygon", 2], ["MultiPolygon", 2]]);
  assert.ok(features.every((feature: object) => Object.keys(feature).join() === "type,geometry,properties"));
  assert.deepEqual(pictureFeatures([none], "mobile-sam"), []);
});

test("in a video the plane has c, z and t, on the first plane too, and the object its number", () => {
  const features = JSON.parse(JSON.stringify(videoFeatures([maskOfRows(3, 4, ["##"], { objectId: 0 }), none], "sam2-tiny", ({ index }) => ({ c: -1, z: index, t: 0 }))));
  assert.deepEqual(features, [{
    type: "Feature",
    geometry: { type: "Polygon", coordinates: [[[5, 4], [5, 5], [3, 5], [3, 4], [5, 4]]], plane: { c: -1, z: 0, t: 0 } },
    properties: { object_idx: 0, label: "object", quality: 0.5, sam_model: "sam2-tiny", measurements: { "Area px": 2 } },
  }]);
});
