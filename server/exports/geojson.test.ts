import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mask } from "#protocol/types.ts";
import { measureObjects } from "#server/measure/measurements.ts";
import { maskFeature, objectsGeojson } from "./geojson.ts";
import { objectColor } from "./object-colors.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";

function mask(rows: readonly string[], at: Partial<Mask> = {}): Mask {
  return maskOfRows(1, 2, rows, { objectId: 7, ...at });
}

test("a feature as QuPath reads it", () => {
  assert.deepEqual(maskFeature(mask(["##"], { index: 3, warnings: ["drift"] }), { classification: "Particle" }), {
    type: "Feature",
    id: maskFeature(mask(["#"], { index: 3 })).id,
    geometry: { type: "Polygon", coordinates: [[[3, 2], [3, 3], [1, 3], [1, 2], [3, 2]]], plane: { c: -1, z: 3, t: 0 } },
    properties: {
      objectType: "annotation", name: "obj0007", color: objectColor(7), classification: { name: "Particle", color: objectColor(7) },
      measurements: { score: 0.5, area: 2 }, metadata: { "masklet.object": "7", "masklet.warnings": "drift" },
    },
  });
});

test("each plane tells of its whole object, in micrometres where there are any", () => {
  const masks = [mask(["##"]), mask(["#."], { index: 1 }), mask(["##"], { objectId: 8, t: 1 })];
  const spacing = { z: 3, y: 0.5, x: 2 };
  const told = (given: typeof spacing | undefined) => objectsGeojson(masks, { spacing: given }, measureObjects(masks, given)).features.map((one) => one.properties.measurements);
  assert.deepEqual(told(spacing), [
    { score: 0.5, area: 2, area_um2: 2, voxels: 3, volume_um3: 9 },
    { score: 0.5, area: 1, area_um2: 1, voxels: 3, volume_um3: 9 },
    { score: 0.5, area: 2, area_um2: 2, voxels: 2, volume_um3: 6 },
  ]);
  assert.deepEqual(told(undefined)[0], { score: 0.5, area: 2, voxels: 3 });
});

test("the first plane is not named, holes follow their shell, islands are polygons", () => {
  const feature = maskFeature(mask(["###.", "#.#.", "###.", "...#"]));
  assert.equal("plane" in feature.geometry, false);
  assert.deepEqual(feature.geometry, {
    type: "MultiPolygon",
    coordinates: [
      [[[4, 2], [4, 5], [1, 5], [1, 2], [4, 2]], [[3, 4], [3, 3], [2, 3], [2, 4], [3, 4]]],
      [[[5, 5], [5, 6], [4, 6], [4, 5], [5, 5]]],
    ],
  });
});

test("ids are UUIDs of version 5 that tell objects, planes and scopes apart and stay the same", () => {
  const masks = [mask(["#"]), mask(["#"], { objectId: 8 }), mask(["#"], { index: 1 }), mask(["#"], { t: 1 })];
  const ids = masks.map((one) => maskFeature(one).id);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set([...ids, maskFeature(mask(["#"]), { scope: "session-a" }).id]).size, 5);
  assert.equal(maskFeature(mask(["##"])).id, ids[0]);
});

test("a collection holds what has a pixel, by object, t, z; planes of other axes as z planes", () => {
  const all = objectsGeojson([mask(["#"], { objectId: 9 }), mask(["."]), mask(["##"], { axis: "x", index: 5 })]);
  assert.deepEqual(all.features.map((one) => [one.properties.name, one.geometry]), [
    ["obj0007", { type: "Polygon", coordinates: [[[6, 1], [6, 3], [5, 3], [5, 1], [6, 1]]], plane: { c: -1, z: 2, t: 0 } }],
    ["obj0009", { type: "Polygon", coordinates: [[[2, 2], [2, 3], [1, 3], [1, 2], [2, 2]]] }],
  ]);
  assert.throws(() => objectsGeojson([mask(["."])]), { code: "export_empty" });
});
