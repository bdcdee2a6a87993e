import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { objectColor, objectColorTable } from "./object-colors.ts";

test("the published table is this one", () => {
  const published: unknown = JSON.parse(readFileSync(new URL("../../fixtures/protocol/object-colors.json", import.meta.url), "utf8"));
  assert.deepEqual(published, objectColorTable);
});

test("256 different colours, the background black, the first ones far apart", () => {
  assert.equal(objectColorTable.length, 256);
  assert.equal(new Set(objectColorTable.map((color) => color.join())).size, 256);
  assert.deepEqual(objectColorTable.slice(0, 4), [[0, 0, 0], [0, 255, 0], [255, 0, 255], [255, 0, 0]]);
});

test("ids beyond the table begin again after the background", () => {
  assert.deepEqual(objectColor(1), objectColorTable[1]);
  assert.deepEqual(objectColor(255), objectColorTable[255]);
  assert.deepEqual(objectColor(256), objectColorTable[1]);
});
