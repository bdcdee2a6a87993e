// What every result must be: in QuPath's own shape, locked, valid to JTS, with the area that its pixels have.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { prepareOracles } from "../../oracles/prepare.ts";
import type { Feature } from "./run-script.ts";
import { ringsOf } from "./draw.ts";

const schema: object = JSON.parse(readFileSync(new URL("qupath-geojson.schema.json", import.meta.url), "utf8"));

export function isFound({ properties }: Feature): boolean {
  return properties.metadata?.["masklet.key"] !== undefined && (properties.objectType === "detection" || properties.isLocked === true);
}

/** @param grid the region's corner and downsample: every corner of an outline lies on it */
export function checkOutlines(found: readonly Feature[], grid: { readonly x: number; readonly y: number; readonly downsample: number } = { x: 0, y: 0, downsample: 1 }): void {
  assert.ok(found.length > 0 && found.every(isFound));
  const collection = { type: "FeatureCollection", features: found };
  const ajv = new Ajv2020();
  assert.ok(ajv.validate(schema, JSON.parse(JSON.stringify(collection))), ajv.errorsText());
  const squares = grid.downsample ** 2;
  judged(collection).forEach(({ fault, area, wound }, at) => {
    const { id, geometry, properties: { measurements } } = found[at]!;
    assert.deepEqual({ fault, wound, area }, { fault: null, wound: true, area: measurements!["area"]! * squares }, id);
    for (const [x, y] of ringsOf(geometry).flat()) assert.deepEqual([(x - grid.x) % grid.downsample, (y - grid.y) % grid.downsample].map(Math.abs), [0, 0], id);
  });
  assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
}

/** JTS on each feature. */
function judged(collection: object): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), "masklet-qupath-jts-"));
  try {
    const file = join(folder, "found.geojson");
    writeFileSync(file, JSON.stringify(collection));
    return prepareOracles().java("JtsGeojson", [file, "0", "0", "1", "1"]).trim().split("\n").map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
