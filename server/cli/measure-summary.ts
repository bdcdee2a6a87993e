// What a person is told of a label image that was measured.
import type { LabelMeasures, Schema } from "#protocol/types.ts";

/** What to know before the numbers are used. */
export function measureNotes({ unit, size, population: { objects, borderObjects, shapedObjects } }: LabelMeasures): string[] {
  if (objects === 0) return ["There is no object: every voxel is 0. The table holds its header alone."];
  return [
    ...(unit === "vx" ? ["No voxel size is known, so lengths are in voxels; state it with --spacing Z,Y,X in micrometres."] : []),
    ...(size[0] === 1 ? ["The image has one slice: shapes are those of bodies one voxel thick."] : []),
    ...(shapedObjects === 0 ? ["Every object reaches an end of the volume, so there are no statistics of whole ones."]
      : borderObjects > 0 ? [`${counted(borderObjects, "object")} at the ends of the volume ${borderObjects === 1 ? "is" : "are"} in the table and the volume fraction, but not in the other statistics.`] : []),
  ];
}

/** A line of counts and files, the population below it, and the notes. */
export function measureSummary({ unit, frames, population }: LabelMeasures, { files, seconds, notes }: { readonly files: readonly string[]; readonly seconds: number; readonly notes: readonly string[] }): string {
  const { objects, clusters, clusteredObjects, volumeFraction, equivalentDiameter: sizes, statistics, zingg, normals, majors } = population;
  const length = unit === "um" ? "um" : "voxels";
  const clustered = clusters === 0 ? "" : `, ${clusteredObjects} of them in ${counted(clusters, "cluster")}`;
  const lines = [`${counted(objects, "object")}${frames === 1 ? "" : ` in ${frames} frames`}${clustered}, ${digits(100 * volumeFraction)} % of the volume, in ${seconds.toFixed(1)} s: ${files.join(", ")}`];
  if (sizes !== null) lines.push(`  equivalent diameter   by number D10 ${quantiles(sizes.byNumber)} ${length}; by volume D10 ${quantiles(sizes.byVolume)} ${length}`);
  if (statistics !== null) {
    lines.push(`  shape                 elongation ${spread(statistics.elongation)}, flatness ${spread(statistics.flatness)}, sphericity ${spread(statistics.sphericity)}, solidity ${spread(statistics.solidity)}`);
    lines.push(`  Zingg classes         ${counted(zingg.disc, "disc")}, ${counted(zingg.sphere, "sphere")}, ${counted(zingg.rod, "rod")}, ${counted(zingg.blade, "blade")}`);
  }
  for (const [name, fabric] of [["platelet normals", normals], ["long axes", majors]] as const) {
    if (fabric !== null) lines.push(`  ${name.padEnd(20)}  S ${digits(fabric.orderParameter)} about ${direction(fabric.eigenvectors[0])} (${counted(fabric.objects, "object")}), about z ${digits(fabric.orderParameterZ)}`);
  }
  return [...lines, ...notes.map((note) => `  Note: ${note}`)].join("\n");
}

function quantiles({ d10, d50, d90 }: Schema<"Quantiles">): string {
  return `${digits(d10)}, D50 ${digits(d50)}, D90 ${digits(d90)}`;
}

function spread({ mean, sd }: Schema<"MeanSd">): string {
  return sd === null ? digits(mean) : `${digits(mean)} +- ${digits(sd)}`;
}

/** A main direction as a person reads it. */
function direction([z, y, x]: Schema<"Triple">): string {
  return `z ${digits(z)}, y ${digits(y)}, x ${digits(x)}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function digits(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
