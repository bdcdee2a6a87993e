import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import { objectsGeojson } from "#server/exports/geojson.ts";
import { seededMasks } from "../../test/oracles/seeded-masks.ts";
import { readGeojson } from "./read-geojson.ts";

const shape = { t: 3, c: 1, z: 9, y: 40, x: 50 };
const refused = (says: RegExp) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "dataset_invalid" && says.test(fault.message);
const square = [[1, 1], [4, 1], [4, 3], [1, 3], [1, 1]];
const feature = (geometry: unknown, properties: unknown = {}) => ({ type: "Feature", geometry, properties });
const read = (json: unknown) => readGeojson(typeof json === "string" ? json : JSON.stringify(json), "objects.geojson", shape);

test("what we write comes back: objects, planes, frames and pixels", () => {
  const masks = [4, 5].flatMap((seed) => seededMasks(seed, { u: 3, v: 5, width: 37, height: 29 })).map(({ mask }) => mask);
  const key = (mask: Mask): string => `${mask.objectId} ${mask.t} ${mask.index} ${mask.area} ${mask.box.join()} ${Buffer.from(mask.bits).toString("hex")}`;
  assert.deepEqual(read(objectsGeojson(masks)).masks.map(key).sort(), masks.map(key).sort());
});

test("features of QuPath: a hole, two parts, a plane, an object each, others left out and told", () => {
  const hole = [[2, 1], [3, 1], [3, 2], [2, 2], [2, 1]];
  const { masks, notes } = read({ type: "FeatureCollection", features: [
    feature({ type: "Polygon", coordinates: [square, hole] }),
    feature({ type: "MultiPolygon", coordinates: [[square], [[[8, 8], [9, 8], [9, 9], [8, 9], [8, 8]]]], plane: { c: -1, z: 4, t: 2 } }, { "masklet.object": 1 }),
    feature({ type: "Point", coordinates: [3, 3] }),
  ] });
  assert.deepEqual(masks.map((mask) => [mask.objectId, mask.index, mask.t, mask.area]), [[2, 0, 0, 5], [1, 4, 2, 7]]);
  assert.deepEqual([...unpackMask(masks[0]!).data], [1, 0, 1, 1, 1, 1]);
  assert.deepEqual(notes, ["2 objects of 2 features: 1 by masklet.object, 1 an object each", "1 features without an inside (points, lines) were left out"]);
  assert.equal(read([feature({ type: "Polygon", coordinates: [square] })]).masks.length, 1);
  assert.equal(read(feature({ type: "Polygon", coordinates: [square] })).masks.length, 1);
});

test("what lies is refused with its place", () => {
  assert.throws(() => read("{"), refused(/not JSON/));
  assert.throws(() => read("[".repeat(5_000_000)), refused(/not JSON|nested/));
  assert.throws(() => read({ type: "FeatureCollection", features: 7 }), refused(/no list of features/));
  assert.throws(() => read([]), refused(/no polygon/));
  assert.throws(() => read([null, 5]), refused(/features\/0.*no feature/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: 5 })]), refused(/list of rings/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: [[1, 2, 3, 4]] })]), refused(/no pair of numbers/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: [[[0, 0], [1, "a"], [2, 2], [0, 0]]] })]), refused(/position 1/));
  assert.throws(() => read('[{"geometry":{"type":"Polygon","coordinates":[[[0,0],[1e999,0],[2,2],[0,0]]]}}]'), refused(/Infinity/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: [square], plane: { z: 9 } })]), refused(/z = 9/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: [square] }, { metadata: { "masklet.object": "1.5" } })]), refused(/masklet\.object is 1\.5/));
  assert.throws(() => read([feature({ type: "Polygon", coordinates: [square] }, { "masklet.object": 1e12 })]), refused(/masklet\.object/));
});
