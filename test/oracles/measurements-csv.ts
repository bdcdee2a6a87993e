// The fifteen columns of measurements.csv that people's scripts read, written apart from the table that goes on behind them.
import type { ObjectMeasurements } from "#server/measure/measurements.ts";

/**
 * Comma-separated, a header line, lines ended by a line feed. Lengths are micrometres (`_um`, `_um3`) when the volume is
 * calibrated, else voxels (`_vx`); z0..x1 are voxel indices, half-open. At most nine significant digits.
 */
export function measurementsCsv(rows: readonly ObjectMeasurements[], options: { readonly calibrated: boolean }): string {
  const length = options.calibrated ? "um" : "vx";
  const volume = options.calibrated ? "um3" : "vx";
  const header = [
    "object_id", "cluster_id", "t", "voxels", `volume_${volume}`, `centroid_z_${length}`, `centroid_y_${length}`, `centroid_x_${length}`,
    "z0", "y0", "x0", "z1", "y1", "x1", "score",
  ];
  const lines = rows.map((row) => [
    row.objectId, row.clusterId, row.t, row.voxels, short(row.volume), ...row.centroid.map(short), ...row.start, ...row.end, short(row.score),
  ].join(","));
  return `${[header.join(","), ...lines].join("\n")}\n`;
}

function short(value: number): number {
  return Number(value.toPrecision(9));
}
