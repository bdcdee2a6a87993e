import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObjectMeasures } from "#protocol/types.ts";
import { measurementsCsv } from "../../test/oracles/measurements-csv.ts";
import { measuresCsv } from "./measures-csv.ts";

const row: ObjectMeasures = {
  objectId: 7, clusterId: 3, t: 1, objects: 1, voxels: 12, volume: 0.012, surface: 1 / 3, equivalentDiameter: 0.25,
  centroid: [0.5, 2, 10_000.123_456], start: [0, 1, 2], end: [3, 4, 5], border: true,
  radii: [3, 2, 1], elongation: 1.5, flatness: 2, zingg: { il: 2 / 3, si: 0.5, class: "blade" },
  axes: [[0, 0, 1], [0, 1, 0], [1, 0, 0]], axesUncertain: "none", major: { azimuth: 0, inclination: 90 }, normal: { azimuth: 0, inclination: 0 },
  sphericity: 0.8, convexVolume: 0.016, solidity: 0.75, feret: 6, minFeret: 2, contacts: [3, 12], contactArea: 0.1, intensity: null, confidence: null,
};
const all = (rows: readonly ObjectMeasures[], calibrated: boolean): string => [...measuresCsv(rows, { calibrated })].join("");

test("every measure has a column, with its unit; no value is an empty cell", () => {
  assert.equal(all([row, { ...row, objectId: 8, confidence: 0.875, intensity: { mean: 1.5, sd: null, min: 1, max: 2, sum: 18 } }], true),
    "object_id,cluster_id,t,voxels,volume_um3,centroid_z_um,centroid_y_um,centroid_x_um,z0,y0,x0,z1,y1,x1,score,objects,border,surface_um2,"
    + "equivalent_diameter_um,radius1_um,radius2_um,radius3_um,elongation,flatness,zingg_il,zingg_si,zingg_class,axis1_z,axis1_y,axis1_x,axis2_z,axis2_y,axis2_x,"
    + "axis3_z,axis3_y,axis3_x,axes_uncertain,major_azimuth_deg,major_inclination_deg,normal_azimuth_deg,normal_inclination_deg,sphericity,convex_volume_um3,"
    + "solidity,feret_um,min_feret_um,contacts,contact_ids,contact_area_um2,intensity_mean,intensity_sd,intensity_min,intensity_max,intensity_sum\n"
    + "7,3,1,12,0.012,0.5,2,10000.1235,0,1,2,3,4,5,,1,1,0.333333333,0.25,3,2,1,1.5,2,0.666666667,0.5,blade,0,0,1,0,1,0,1,0,0,none,0,90,0,0,0.8,0.016,0.75,6,2,2,3 12,0.1,,,,,\n"
    + "8,3,1,12,0.012,0.5,2,10000.1235,0,1,2,3,4,5,0.875,1,1,0.333333333,0.25,3,2,1,1.5,2,0.666666667,0.5,blade,0,0,1,0,1,0,1,0,0,none,0,90,0,0,0.8,0.016,0.75,6,2,2,3 12,0.1,1.5,,1,2,18\n");
});

test("its first columns are those of measurements.csv, calibrated or not", () => {
  for (const calibrated of [true, false]) {
    const [settled] = measurementsCsv([], { calibrated }).split("\n");
    assert.ok(all([], calibrated).startsWith(`${settled},`));
  }
  assert.match(all([], false), /,surface_vx,.*,feret_vx,.*,contact_area_vx,/);
});

test("many rows come in pieces and none is lost", () => {
  const lines = all(Array.from({ length: 2500 }, (_, nth) => ({ ...row, objectId: nth + 1 })), true).trimEnd().split("\n");
  assert.equal(lines.length, 2501);
  assert.deepEqual(lines.slice(1).map((line) => Number(line.split(",")[0])), Array.from({ length: 2500 }, (_, nth) => nth + 1));
});
