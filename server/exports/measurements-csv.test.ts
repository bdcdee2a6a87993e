import assert from "node:assert/strict";
import { test } from "node:test";
import { measurementsCsv } from "./measurements-csv.ts";

const row = {
  objectId: 7, clusterId: 3, t: 0, voxels: 12, volume: 12 * 0.1 ** 3, centroid: [1 / 3, 2, 10_000.123_456] as const,
  start: [0, 1, 2] as const, end: [3, 4, 5] as const, score: 0.875,
};

test("micrometres with a spacing, voxels without", () => {
  assert.equal(measurementsCsv([row], { calibrated: true }),
    "object_id,cluster_id,t,voxels,volume_um3,centroid_z_um,centroid_y_um,centroid_x_um,z0,y0,x0,z1,y1,x1,score\n"
    + "7,3,0,12,0.012,0.333333333,2,10000.1235,0,1,2,3,4,5,0.875\n");
  assert.equal(measurementsCsv([], { calibrated: false }),
    "object_id,cluster_id,t,voxels,volume_vx,centroid_z_vx,centroid_y_vx,centroid_x_vx,z0,y0,x0,z1,y1,x1,score\n");
});
