// The table of measures: the settled columns of measurements.csv first, so that what reads those reads this; later ones are added at the end.
import type { ObjectMeasures } from "#protocol/types.ts";

type Cell = number | string | null;

/** A column's name without its unit, what its unit is a power of, and what stands in it. */
interface Column {
  readonly name: string;
  readonly unit?: "" | "2" | "3" | "deg";
  readonly cell: (row: ObjectMeasures) => Cell;
}

const axisNames = ["z", "y", "x"] as const;

const columns: readonly Column[] = [
  { name: "object_id", cell: (row) => row.objectId },
  { name: "cluster_id", cell: (row) => row.clusterId },
  { name: "t", cell: (row) => row.t },
  { name: "voxels", cell: (row) => row.voxels },
  { name: "volume", unit: "3", cell: (row) => row.volume },
  ...axisNames.map((axis, nth): Column => ({ name: `centroid_${axis}`, unit: "", cell: (row) => row.centroid[nth]! })),
  ...axisNames.map((axis, nth): Column => ({ name: `${axis}0`, cell: (row) => row.start[nth]! })),
  ...axisNames.map((axis, nth): Column => ({ name: `${axis}1`, cell: (row) => row.end[nth]! })),
  { name: "score", cell: (row) => row.confidence },
  { name: "objects", cell: (row) => row.objects },
  { name: "border", cell: (row) => (row.border ? 1 : 0) },
  { name: "surface", unit: "2", cell: (row) => row.surface },
  { name: "equivalent_diameter", unit: "", cell: (row) => row.equivalentDiameter },
  ...[0, 1, 2].map((nth): Column => ({ name: `radius${nth + 1}`, unit: "", cell: (row) => row.radii[nth]! })),
  { name: "elongation", cell: (row) => row.elongation },
  { name: "flatness", cell: (row) => row.flatness },
  { name: "zingg_il", cell: (row) => row.zingg.il },
  { name: "zingg_si", cell: (row) => row.zingg.si },
  { name: "zingg_class", cell: (row) => row.zingg.class },
  ...[0, 1, 2].flatMap((nth) => axisNames.map((axis, part): Column => ({ name: `axis${nth + 1}_${axis}`, cell: (row) => row.axes[nth]![part]! }))),
  { name: "axes_uncertain", cell: (row) => row.axesUncertain },
  { name: "major_azimuth", unit: "deg", cell: (row) => row.major.azimuth },
  { name: "major_inclination", unit: "deg", cell: (row) => row.major.inclination },
  { name: "normal_azimuth", unit: "deg", cell: (row) => row.normal.azimuth },
  { name: "normal_inclination", unit: "deg", cell: (row) => row.normal.inclination },
  { name: "sphericity", cell: (row) => row.sphericity },
  { name: "convex_volume", unit: "3", cell: (row) => row.convexVolume },
  { name: "solidity", cell: (row) => row.solidity },
  { name: "feret", unit: "", cell: (row) => row.feret },
  { name: "min_feret", unit: "", cell: (row) => row.minFeret },
  { name: "contacts", cell: (row) => row.contacts.length },
  { name: "contact_ids", cell: (row) => row.contacts.join(" ") },
  { name: "contact_area", unit: "2", cell: (row) => row.contactArea },
  ...(["mean", "sd", "min", "max", "sum"] as const).map((name): Column => ({ name: `intensity_${name}`, cell: (row) => row.intensity?.[name] ?? null })),
];

/** Rows that are put into one piece of text. */
const rowsAtOnce = 1000;

/**
 * Comma-separated, a header line, lines ended by a line feed; at most nine significant digits; an empty cell where there is no value. Lengths,
 * areas and volumes are micrometres (`_um`, `_um2`, `_um3`) when the volume is calibrated, else voxels (`_vx`); z0..x1 are voxel indices,
 * half-open; contact_ids are separated by blanks. What the numbers mean is said in the schema `ObjectMeasures`.
 * @returns pieces to be joined: a table of a million objects does not fit into one text
 */
export function* measuresCsv(rows: readonly ObjectMeasures[], { calibrated }: { readonly calibrated: boolean }): Generator<string> {
  const length = (power: string): string => (calibrated ? `_um${power}` : "_vx");
  yield `${columns.map(({ name, unit }) => (unit === undefined ? name : `${name}${unit === "deg" ? "_deg" : length(unit)}`)).join(",")}\n`;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    yield rows.slice(from, from + rowsAtOnce).map((row) => `${columns.map(({ cell }) => text(cell(row))).join(",")}\n`).join("");
  }
}

function text(cell: Cell): string {
  return cell === null ? "" : typeof cell === "string" ? cell : Number.isInteger(cell) ? `${cell}` : `${Number(cell.toPrecision(9))}`;
}
