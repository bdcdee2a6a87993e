// Which array of a Zarr folder is the image, and what its axes mean: OME-Zarr 0.4 and 0.5 (ngff.openmicroscopy.org), or a plain array.
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import type { DisplayRange, Shape, Spacing } from "#protocol/types.ts";
import { checkShape } from "./check-shape.ts";
import { micrometresPer } from "./imagej-description.ts";
import { isObject, readJsonFile, short, type JsonFile, type JsonObject } from "./ome-zarr-json.ts";
import { readArrayMetadata, type ZarrArray } from "./ome-zarr-metadata.ts";
import { dtypeOfKind } from "./ome-zarr-samples.ts";

const axisNames = ["t", "c", "z", "y", "x"] as const;
export type AxisName = (typeof axisNames)[number];

export interface ZarrImage {
  readonly array: ZarrArray;
  /** The array's axes in its own order. */
  readonly axes: readonly AxisName[];
  readonly shape: Shape;
  readonly spacing: Spacing | undefined;
  readonly displayRange: DisplayRange | undefined;
  /** Links resolved. */
  readonly folder: string;
  /** The files that were read to know all this. */
  readonly files: readonly JsonFile[];
}

/** Whether the folder says that it is a Zarr array or group. */
export async function isZarrFolder(path: string): Promise<boolean> {
  const found = await Promise.all(["zarr.json", ".zarray", ".zgroup", ".zattrs"].map((name) => stat(join(path, name)).then(() => true, () => false)));
  return found.includes(true);
}

/** Level 0 of the folder's first image. @throws zarr_invalid, zarr_unsupported, shape_invalid, file_unreadable */
export async function findImage(path: string): Promise<ZarrImage> {
  const folder = await realpath(path).catch((cause: unknown) => { throw MaskletError.of("file_unreadable", { file: path, why: reasonOf(cause) }, cause); });
  const node = await readNode(folder, path);
  if (node.array !== undefined) return laidOut(node, node.array, folder, plainAxes(node.array), undefined, undefined);

  const ome = isObject(node.attributes["ome"]) ? node.attributes["ome"] : node.attributes;
  const { file } = node.files[0]!;
  const invalid = (why: string): MaskletError => MaskletError.of("zarr_invalid", { file, why });
  const multiscales = ome["multiscales"];
  if (!Array.isArray(multiscales)) throw invalid(`it is a group without an image${await foldersIn(folder)}`);
  const first: unknown = multiscales[0];
  const dataset: unknown = isObject(first) && Array.isArray(first["datasets"]) ? first["datasets"][0] : undefined;
  if (!isObject(first) || !isObject(dataset) || typeof dataset["path"] !== "string") throw invalid("its multiscales name no dataset");
  const level = await inside(folder, dataset["path"], file);
  const found = await readNode(level, level);
  if (found.array === undefined) throw invalid(`its dataset ${short(dataset["path"])} is no array`);
  const axes = readAxes(first["axes"], found.array.shape.length, file);
  const spacing = readSpacing(axes, first, dataset);
  return laidOut({ ...found, files: [...node.files, ...found.files] }, found.array, folder, axes.map(({ name }) => name), spacing, readWindow(ome["omero"]));
}

function laidOut(node: ZarrNode, array: ZarrArray, folder: string, axes: readonly AxisName[], spacing: Spacing | undefined, displayRange: DisplayRange | undefined): ZarrImage {
  const sizeOf = (axis: AxisName): number => axes.includes(axis) ? array.shape[axes.indexOf(axis)]! : 1;
  const shape: Shape = { t: sizeOf("t"), c: sizeOf("c"), z: sizeOf("z"), y: sizeOf("y"), x: sizeOf("x") };
  checkShape(shape, dtypeOfKind(array.kind));
  return { array, axes, shape, spacing, displayRange, folder, files: node.files };
}

interface ZarrNode {
  readonly array: ZarrArray | undefined;
  readonly attributes: JsonObject;
  readonly files: readonly JsonFile[];
}

/** @param path the folder as the caller named it @throws zarr_invalid, zarr_unsupported, file_unreadable */
async function readNode(folder: string, path: string): Promise<ZarrNode> {
  const v3 = await readJsonFile(join(folder, "zarr.json"));
  if (v3 !== undefined) {
    const attributes = isObject(v3.value["attributes"]) ? v3.value["attributes"] : {};
    const kind = v3.value["node_type"];
    if (kind !== "array" && kind !== "group") throw MaskletError.of("zarr_invalid", { file: v3.file, why: `its node_type is ${short(kind)}` });
    return { attributes, files: [v3], array: kind === "array" ? readArrayMetadata(folder, v3) : undefined };
  }
  const attributes = await readJsonFile(join(folder, ".zattrs"));
  const files = attributes === undefined ? [] : [attributes];
  const array = await readJsonFile(join(folder, ".zarray"));
  if (array !== undefined) return { attributes: attributes?.value ?? {}, files: [array, ...files], array: readArrayMetadata(folder, array, attributes?.value) };
  const group = await readJsonFile(join(folder, ".zgroup"));
  if (group === undefined && attributes === undefined) throw MaskletError.of("zarr_invalid", { file: path, why: "it has neither zarr.json nor .zarray nor .zgroup" });
  return { attributes: attributes?.value ?? {}, files: group === undefined ? files : [...files, group], array: undefined };
}

/** The dataset's folder, which no path and no link may move out of the image's. */
async function inside(folder: string, path: string, file: string): Promise<string> {
  const named = resolve(folder, path);
  const real = await realpath(named).catch((cause: unknown) => { throw MaskletError.of("zarr_invalid", { file, why: `its dataset ${short(path)} is not there` }, cause); });
  const way = relative(folder, real);
  if (isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`) || way === "") throw MaskletError.of("zarr_invalid", { file, why: `its dataset ${short(path)} is not inside` });
  return real;
}

async function foldersIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name).sort();
  return names.length === 0 ? "" : `; open one of the folders in it: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", ..." : ""}`;
}

function isAxisName(name: unknown): name is AxisName {
  return axisNames.some((axis) => axis === name);
}

/** A plain array is z, y, x or y, x, unless all its dimensions bear other names of ours. */
function plainAxes(array: ZarrArray): readonly AxisName[] {
  const rank = array.shape.length;
  const names = (array.names ?? []).filter(isAxisName);
  if (names.length === rank && usable(names)) return names;
  if (rank === 2) return ["y", "x"];
  if (rank === 3) return ["z", "y", "x"];
  throw MaskletError.of("zarr_unsupported", { file: array.meta.file, why: `it is an array of ${rank} axes without OME metadata that names them` });
}

function usable(names: readonly AxisName[]): boolean {
  return new Set(names).size === names.length && names.includes("y") && names.includes("x");
}

interface OmeAxis {
  readonly name: AxisName;
  readonly unit: unknown;
}

/** 0.4 and 0.5 say `{ name, type, unit }`, 0.3 the name alone, 0.1 and 0.2 nothing: t, c, z, y, x. */
function readAxes(value: unknown, rank: number, file: string): readonly OmeAxis[] {
  if (value === undefined && rank === 5) return axisNames.map((name) => ({ name, unit: undefined }));
  if (!Array.isArray(value)) throw MaskletError.of("zarr_invalid", { file, why: `its axes are ${short(value)}` });
  const axes: OmeAxis[] = [];
  for (const axis of value) {
    const name: unknown = isObject(axis) ? axis["name"] : axis;
    const lower = typeof name === "string" ? name.toLowerCase() : name;
    if (!isAxisName(lower)) throw MaskletError.of("zarr_unsupported", { file, why: `it has an axis ${short(name)}, where t, c, z, y and x are known` });
    axes.push({ name: lower, unit: isObject(axis) ? axis["unit"] : undefined });
  }
  const names = axes.map(({ name }) => name);
  if (axes.length !== rank) throw MaskletError.of("zarr_invalid", { file, why: `it names ${axes.length} axes (${names.join(", ")}) and its array has ${rank}` });
  if (!usable(names)) throw MaskletError.of("zarr_invalid", { file, why: `its axes are ${names.join(", ")}, where y, x and no axis twice are needed` });
  return axes;
}

/** The dataset's scale times the multiscale's own. Without a unit along y and x the image is not calibrated; without z a voxel is as thick as wide. */
function readSpacing(axes: readonly OmeAxis[], multiscale: JsonObject, dataset: JsonObject): Spacing | undefined {
  const scales = [readScale(dataset["coordinateTransformations"], axes.length), readScale(multiscale["coordinateTransformations"], axes.length)];
  if (scales[0] === undefined) return undefined;
  const length = (name: AxisName): number | undefined => {
    const at = axes.findIndex((axis) => axis.name === name);
    const unit = axes[at]?.unit;
    const um = typeof unit === "string" ? omeMicrometres(unit) : undefined;
    return um === undefined ? undefined : scales.reduce((product, scale) => product * (scale?.[at] ?? 1), um);
  };
  const [x, y] = [length("x"), length("y")];
  const z = axes.some(({ name }) => name === "z") ? length("z") : x;
  const sound = (um: number | undefined): um is number => um !== undefined && Number.isFinite(um) && um > 0;
  return sound(x) && sound(y) && sound(z) ? { z, y, x } : undefined;
}

function readScale(transformations: unknown, rank: number): readonly number[] | undefined {
  if (!Array.isArray(transformations)) return undefined;
  const found: unknown = transformations.find((one) => isObject(one) && one["type"] === "scale");
  const scale = isObject(found) ? found["scale"] : undefined;
  if (!Array.isArray(scale) || scale.length !== rank) return undefined;
  const numbers = scale.filter((factor) => typeof factor === "number");
  return numbers.length === rank ? numbers : undefined;
}

const prefixes: Readonly<Record<string, number>> = {
  yotta: 24, zetta: 21, exa: 18, peta: 15, tera: 12, giga: 9, mega: 6, kilo: 3, hecto: 2, deca: 1, deci: -1, centi: -2, milli: -3,
  micro: -6, nano: -9, pico: -12, femto: -15, atto: -18, zepto: -21, yocto: -24,
};

/** OME-Zarr's units of length are UDUNITS-2 names, with any prefix of the metre. */
function omeMicrometres(unit: string): number | undefined {
  const known = micrometresPer(unit) ?? { foot: 304_800, yard: 914_400, mile: 1_609_344_000 }[unit];
  const prefix = /^([a-z]+)met(?:er|re)$/.exec(unit)?.[1] ?? "";
  return known ?? (Object.hasOwn(prefixes, prefix) ? 10 ** (prefixes[prefix]! + 6) : undefined);
}

/** The first channel's window in the omero block. */
function readWindow(omero: unknown): DisplayRange | undefined {
  const channel: unknown = isObject(omero) && Array.isArray(omero["channels"]) ? omero["channels"][0] : undefined;
  const window = isObject(channel) ? channel["window"] : undefined;
  if (!isObject(window)) return undefined;
  const { start, end } = window;
  return typeof start === "number" && typeof end === "number" && Number.isFinite(start) && Number.isFinite(end) && start < end ? [start, end] : undefined;
}
