// The metadata of one Zarr array, versions 2 (`.zarray`) and 3 (`zarr.json`), in one form and checked.
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { isObject, readSizes, short, type JsonFile, type JsonObject } from "./ome-zarr-json.ts";
import { readFill, sampleBytes, sampleKind, type SampleKind } from "./ome-zarr-samples.ts";

/** A step of the chain from array to stored bytes, in the order of encoding, named as in Zarr v3. */
export interface CodecStep {
  readonly name: string;
  readonly configuration: JsonObject;
}

export interface ZarrArray {
  readonly folder: string;
  /** Its metadata file, for messages. */
  readonly meta: JsonFile;
  readonly shape: readonly number[];
  /** What is decoded at once; the last chunk along an axis is stored whole too. */
  readonly chunk: readonly number[];
  readonly kind: SampleKind;
  readonly fill: number;
  readonly codecs: readonly CodecStep[];
  /** Chunks in one file, when a file holds several. */
  readonly shard: { readonly chunks: readonly number[]; readonly index: readonly CodecStep[]; readonly indexFirst: boolean } | undefined;
  readonly names: readonly unknown[] | undefined;
  /** The file of a chunk, or of a shard, by its place along each axis. */
  fileOf(place: readonly number[]): string;
}

/** @throws zarr_invalid, zarr_unsupported */
export function readArrayMetadata(folder: string, meta: JsonFile, attributes: JsonObject = {}): ZarrArray {
  const array = meta.value["zarr_format"] === 2 ? readV2(folder, meta, attributes) : readV3(folder, meta);
  const { shape, chunk, kind } = array;
  const invalid = (why: string): MaskletError => MaskletError.of("zarr_invalid", { file: meta.file, why });
  if (chunk.length !== shape.length) throw invalid(`its shape has ${shape.length} axes and its chunks have ${chunk.length}`);
  const bytes = chunk.reduce((product, size) => product * size, sampleBytes[kind]);
  if (bytes > limits.maxZarrChunkBytes) throw invalid(`a chunk has ${bytes} bytes, at most ${limits.maxZarrChunkBytes} are allowed (maxZarrChunkBytes)`);
  const chunks = shape.reduce((product, size, axis) => product * Math.ceil(size / chunk[axis]!), 1);
  if (chunks > limits.maxZarrChunks) throw invalid(`it has ${chunks} chunks, at most ${limits.maxZarrChunks} are allowed (maxZarrChunks)`);
  return array;
}

function readV2(folder: string, meta: JsonFile, attributes: JsonObject): ZarrArray {
  const { value, file } = meta;
  const invalid = (why: string): MaskletError => MaskletError.of("zarr_invalid", { file, why });
  const { kind, big } = sampleKind(value["dtype"], file);
  const codecs: CodecStep[] = [];
  if (value["order"] === "F") codecs.push({ name: "transpose", configuration: { order: "F" } });
  else if (value["order"] !== "C") throw invalid(`its order is ${short(value["order"])}`);
  const numcodec = (step: unknown): CodecStep => {
    if (!isObject(step) || typeof step["id"] !== "string") throw invalid(`a codec is ${short(step)}`);
    return { name: `numcodecs.${step["id"]}`, configuration: step };
  };
  const filters = value["filters"] ?? [];
  if (!Array.isArray(filters)) throw invalid(`its filters are ${short(filters)}`);
  for (const filter of filters) codecs.push(numcodec(filter));
  codecs.push({ name: "bytes", configuration: { endian: big ? "big" : "little" } });
  const compressor = value["compressor"] ?? null;
  if (compressor !== null) codecs.push(numcodec(compressor));
  const separator = readSeparator(value["dimension_separator"] ?? ".", file);
  const names = attributes["_ARRAY_DIMENSIONS"];
  return {
    folder, meta, kind, codecs, shard: undefined,
    shape: readSizes(value["shape"], "shape", file),
    chunk: readSizes(value["chunks"], "chunk shape", file),
    fill: readFill(value["fill_value"], kind, file),
    names: Array.isArray(names) ? names : undefined,
    fileOf: (place) => join(folder, place.join(separator)),
  };
}

function readV3(folder: string, meta: JsonFile): ZarrArray {
  const { value, file } = meta;
  const unsupported = (why: string): MaskletError => MaskletError.of("zarr_unsupported", { file, why });
  if (value["zarr_format"] !== 3) throw unsupported(`its zarr_format is ${short(value["zarr_format"])}`);
  const transformers = value["storage_transformers"];
  if (Array.isArray(transformers) && transformers.length > 0) throw unsupported("it has storage transformers");
  const grid = named(value["chunk_grid"], "chunk grid", file);
  if (grid.name !== "regular") throw unsupported(`its chunk grid is ${short(grid.name)}`);
  const { kind } = sampleKind(value["data_type"], file);
  const outer = readSizes(grid.configuration["chunk_shape"], "chunk shape", file);
  const keys = named(value["chunk_key_encoding"], "chunk key encoding", file);
  if (keys.name !== "default" && keys.name !== "v2") throw unsupported(`its chunk key encoding is ${short(keys.name)}`);
  const separator = readSeparator(keys.configuration["separator"] ?? (keys.name === "v2" ? "." : "/"), file);
  const codecs = readCodecs(value["codecs"], file);
  const sharding = codecs.find(({ name }) => name === "sharding_indexed");
  if (sharding !== undefined && codecs.length > 1) throw unsupported("it has codecs beside its shards");
  const names = value["dimension_names"];
  return {
    folder, meta, kind,
    shape: readSizes(value["shape"], "shape", file),
    fill: readFill(value["fill_value"], kind, file),
    ...(sharding === undefined ? { chunk: outer, codecs, shard: undefined } : readSharding(sharding.configuration, outer, file)),
    names: Array.isArray(names) ? names : undefined,
    fileOf: (place) => join(folder, (keys.name === "v2" ? place : ["c", ...place]).join(separator)),
  };
}

function readSharding(configuration: JsonObject, outer: readonly number[], file: string): Pick<ZarrArray, "chunk" | "codecs" | "shard"> {
  const chunk = readSizes(configuration["chunk_shape"], "chunk shape inside a shard", file);
  if (chunk.length !== outer.length || outer.some((size, axis) => size % chunk[axis]! !== 0)) {
    throw MaskletError.of("zarr_invalid", { file, why: `shards of ${outer.join(" x ")} cannot hold chunks of ${chunk.join(" x ")}` });
  }
  const chunks = outer.map((size, axis) => size / chunk[axis]!);
  const indexBytes = 16 * chunks.reduce((product, count) => product * count, 1);
  if (indexBytes > limits.maxZarrIndexBytes) throw MaskletError.of("zarr_invalid", { file, why: `a shard's table has ${indexBytes} bytes, at most ${limits.maxZarrIndexBytes} are allowed (maxZarrIndexBytes)` });
  const location = configuration["index_location"] ?? "end";
  if (location !== "end" && location !== "start") throw MaskletError.of("zarr_invalid", { file, why: `its index_location is ${short(location)}` });
  return { chunk, codecs: readCodecs(configuration["codecs"], file), shard: { chunks, index: readCodecs(configuration["index_codecs"], file), indexFirst: location === "start" } };
}

function readCodecs(value: unknown, file: string): CodecStep[] {
  if (!Array.isArray(value) || value.length > 16) throw MaskletError.of("zarr_invalid", { file, why: `its codecs are ${short(value)}` });
  return value.map((step: unknown) => named(step, "codec", file));
}

/** Zarr v3's `{ name, configuration }`, which may be the name alone. */
function named(value: unknown, what: string, file: string): CodecStep {
  if (typeof value === "string") return { name: value, configuration: {} };
  const configuration = isObject(value) ? value["configuration"] ?? {} : undefined;
  if (!isObject(value) || typeof value["name"] !== "string" || !isObject(configuration)) throw MaskletError.of("zarr_invalid", { file, why: `its ${what} is ${short(value)}` });
  return { name: value["name"], configuration };
}

function readSeparator(value: unknown, file: string): string {
  if (value === "." || value === "/") return value;
  throw MaskletError.of("zarr_invalid", { file, why: `its chunk keys are separated by ${short(value)}` });
}
