// Zarr's metadata files as JSON values that were looked at before they are used.
import { readFile, stat } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export interface JsonFile {
  readonly file: string;
  readonly text: string;
  readonly value: JsonObject;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns undefined when there is no such file @throws zarr_invalid, file_unreadable */
export async function readJsonFile(file: string): Promise<JsonFile | undefined> {
  const fault = (cause: unknown): MaskletError => MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  const found = await stat(file).catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return undefined;
    throw fault(cause);
  });
  if (found === undefined) return undefined;
  // Opening a pipe would wait for a writer.
  if (!found.isFile()) throw MaskletError.of("file_unreadable", { file, why: "it is not a regular file" });
  if (found.size > limits.maxZarrMetadataBytes) throw MaskletError.of("zarr_invalid", { file, why: `it has ${found.size} bytes, at most ${limits.maxZarrMetadataBytes} are allowed (maxZarrMetadataBytes)` });
  const text = await readFile(file, "utf8").catch((cause: unknown) => { throw fault(cause); });
  const value = parse(text, file);
  if (!isObject(value)) throw MaskletError.of("zarr_invalid", { file, why: "it is not a JSON object" });
  return { file, text, value, sizeBytes: found.size, mtimeMs: found.mtimeMs };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw MaskletError.of("zarr_invalid", { file, why: "it is not JSON" }, cause);
  }
}

/** @throws zarr_invalid when the value is not a list of 1 to 8 whole numbers, each at least 1 */
export function readSizes(value: unknown, what: string, file: string): number[] {
  const sizes: number[] = [];
  if (Array.isArray(value) && value.length <= 8) for (const size of value) if (typeof size === "number" && Number.isSafeInteger(size) && size >= 1) sizes.push(size);
  if (!Array.isArray(value) || sizes.length === 0 || sizes.length !== value.length) {
    throw MaskletError.of("zarr_invalid", { file, why: `its ${what} is ${short(value)}, where whole numbers of at least 1 are needed` });
  }
  return sizes;
}

/** A value as it can stand in a message. */
export function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
