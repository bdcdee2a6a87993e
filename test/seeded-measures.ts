// Measures of objects that were never voxels: ellipsoids of seeded sizes and directions, as `measureLabels` would describe them.
import type { LabelMeasures, ObjectMeasures, Schema } from "#protocol/types.ts";
import { seededRandom } from "../fixtures/make/seeded-random.ts";

type Triple = [number, number, number];

/** @param confidence of every object, when given one is */
export function seededMeasures({ count, seed = 1, unit = "um", intensity = "some" }: { count: number; seed?: number; unit?: "um" | "vx"; intensity?: "none" | "some" | "empty" }): LabelMeasures {
  const random = seededRandom(seed).uniform;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const objects = Array.from({ length: count }, (_, nth): ObjectMeasures => {
    const long = Math.exp(1 + 0.5 * normal());
    const radii: Triple = [long, long * (0.5 + 0.5 * random()), 0];
    radii[2] = radii[1] * (0.15 + 0.8 * random() ** 2);
    const third = unitVector([1, 0.4 * normal(), 0.4 * normal()]);
    const first = unitVector(cross(third, unitVector([normal(), normal(), normal()])));
    return ellipsoid(nth + 1, radii, [first, unitVector(cross(third, first)), third], random() < 0.2, [random() * 40, random() * 60, random() * 80], intensity, random);
  });
  return { unit, spacing: [1, 1, 1], size: [40, 60, 80], frames: 1, objects, clusters: [], population: populationOf(objects) };
}

/** One object with its radii R1 >= R2 >= R3 along three unit vectors [z, y, x]. */
export function ellipsoid(objectId: number, radii: Triple, axes: [Triple, Triple, Triple], border: boolean, centroid: Triple, intensity: "none" | "some" | "empty" = "none", random: () => number = () => 0.5): ObjectMeasures {
  const volume = (4 / 3) * Math.PI * radii[0] * radii[1] * radii[2];
  const [il, si] = [radii[1] / radii[0], radii[2] / radii[1]];
  const zingg = il > 2 / 3 ? (si > 2 / 3 ? "sphere" : "disc") : si > 2 / 3 ? "rod" : "blade";
  const contacts = Array.from({ length: Math.floor(4 * random()) }, (_, nth) => objectId + nth + 1);
  const signed = axes.map(upward) as [Triple, Triple, Triple];
  return {
    objectId, clusterId: objectId, t: 0, objects: 1, voxels: Math.max(1, Math.round(volume)), volume, surface: 4 * Math.PI * Math.cbrt(radii[0] * radii[1] * radii[2]) ** 2 * 1.2,
    equivalentDiameter: Math.cbrt((6 * volume) / Math.PI), centroid, start: centroid.map((at, axis) => Math.max(0, Math.floor(at - radii[axis]!))) as Triple, end: centroid.map((at, axis) => Math.ceil(at + radii[axis]!)) as Triple,
    border, radii, elongation: radii[0] / radii[1], flatness: radii[1] / radii[2], zingg: { il, si, class: zingg }, axes: signed,
    axesUncertain: il > 1 / 1.05 ? (si > 1 / 1.05 ? "both" : "major") : si > 1 / 1.05 ? "minor" : "none",
    major: orientation(signed[0]), normal: orientation(signed[2]), sphericity: 0.6 + 0.4 * si, convexVolume: volume / 0.9, solidity: 0.7 + 0.3 * random(), feret: 2 * radii[0], minFeret: 2 * radii[2],
    contacts, contactArea: contacts.length,
    intensity: intensity === "none" ? null : intensity === "empty" ? { mean: null, sd: null, min: null, max: null, sum: 0 } : { mean: 100 + 20 * random(), sd: 5, min: 80, max: 140, sum: 100 * volume },
    confidence: null,
  };
}

export function populationOf(all: readonly ObjectMeasures[]): LabelMeasures["population"] {
  const shaped = all.filter(({ border }) => !border);
  const count = (name: Schema<"Zingg">["class"]): number => shaped.filter(({ zingg }) => zingg.class === name).length;
  const meanSd = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, sd: values.length < 2 ? null : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) };
  };
  const of = (key: "volume" | "equivalentDiameter" | "surface" | "elongation" | "flatness" | "sphericity" | "solidity" | "feret") => meanSd(shaped.map((object) => object[key]));
  const volume = all.reduce((sum, object) => sum + object.volume, 0);
  const none = shaped.length === 0;
  return {
    objects: all.length, borderObjects: all.length - shaped.length, shapedObjects: shaped.length, clusters: 0, clusteredObjects: 0, voxels: all.reduce((sum, { voxels }) => sum + voxels, 0), volume,
    volumeFraction: Math.min(1, volume / (40 * 60 * 80)), meanContacts: none ? null : shaped.reduce((sum, { contacts }) => sum + contacts.length, 0) / shaped.length,
    equivalentDiameter: none ? null : { byNumber: quantiles(shaped, () => 1), byVolume: quantiles(shaped, (object) => object.volume) },
    zingg: { disc: count("disc"), sphere: count("sphere"), rod: count("rod"), blade: count("blade") },
    statistics: none ? null : { volume: of("volume"), equivalentDiameter: of("equivalentDiameter"), surface: of("surface"), elongation: of("elongation"), flatness: of("flatness"), sphericity: of("sphericity"), solidity: of("solidity"), feret: of("feret") },
    normals: fabric(shaped.filter(({ axesUncertain }) => axesUncertain === "none" || axesUncertain === "major").map(({ axes }) => axes[2])),
    majors: fabric(shaped.filter(({ axesUncertain }) => axesUncertain === "none" || axesUncertain === "minor").map(({ axes }) => axes[0])),
  };
}

function quantiles(objects: readonly ObjectMeasures[], weight: (object: ObjectMeasures) => number): Schema<"Quantiles"> {
  const sorted = [...objects].sort((a, b) => a.equivalentDiameter - b.equivalentDiameter);
  const whole = sorted.reduce((sum, object) => sum + weight(object), 0);
  const at = (part: number): number => {
    let sum = 0;
    return sorted.find((object) => (sum += weight(object)) >= part * whole - 1e-9)!.equivalentDiameter;
  };
  return { d10: at(0.1), d50: at(0.5), d90: at(0.9) };
}

/** The main direction by repeated multiplication; the other two are only at right angles to it. */
function fabric(axes: readonly (readonly number[])[]): Schema<"Fabric"> | null {
  if (axes.length === 0) return null;
  const tensor = [0, 1, 2].map((row) => [0, 1, 2].map((column) => axes.reduce((sum, axis) => sum + axis[row]! * axis[column]!, 0) / axes.length)) as [Triple, Triple, Triple];
  let main: Triple = unitVector([1, 0.01, 0.02]);
  for (let step = 0; step < 200; step++) main = unitVector(tensor.map((row) => row[0] * main[0] + row[1] * main[1] + row[2] * main[2]) as Triple);
  const spread = (to: readonly number[]): number => axes.reduce((sum, axis) => sum + (axis[0]! * to[0]! + axis[1]! * to[1]! + axis[2]! * to[2]!) ** 2, 0) / axes.length;
  const second = unitVector(cross(main, [0.3, 0.5, 0.8]));
  const third = unitVector(cross(main, second));
  return { objects: axes.length, tensor, eigenvalues: [spread(main), spread(second), spread(third)], eigenvectors: [upward(main), upward(second), upward(third)], orderParameter: (3 * spread(main) - 1) / 2, orderParameterZ: (3 * spread([1, 0, 0]) - 1) / 2 };
}

function orientation([z, y, x]: Triple): Schema<"Orientation"> {
  return { azimuth: ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360, inclination: (Math.acos(Math.min(1, z)) * 180) / Math.PI };
}

function upward(axis: Triple): Triple {
  const first = axis.find((part) => part !== 0)!;
  return first < 0 ? (axis.map((part) => -part) as Triple) : axis;
}

function cross(a: Triple, b: Triple): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unitVector(vector: Triple): Triple {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
