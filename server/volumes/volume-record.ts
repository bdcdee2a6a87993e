// What is kept of a volume between two runs of the server: `<home>/volumes/<id>.json`.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import type { Declaration, Volume } from "#protocol/types.ts";
import type { VolumeSource } from "./source.ts";
import { writeAtomically } from "./write-atomic.ts";

export type VolumeRecord =
  | { readonly kind: "pushed"; readonly volume: Volume; readonly declaration: Declaration }
  | { readonly kind: "path" | "upload"; readonly volume: Volume; readonly path: string; readonly sizeBytes: number; readonly mtimeMs: number };

/** The id follows from what the volume is, so the same one is found again after a restart. */
export function volumeIdOf(kind: VolumeRecord["kind"], identity: string): string {
  return `vol-${createHash("sha256").update(`${kind}\n${identity}`).digest("hex").slice(0, 20)}`;
}

/** A volume as the wire shows it; what is not known is left out. */
export function describeSource(volumeId: string, source: VolumeSource): Volume {
  const { name, shape, dtype, spacing, displayRange } = source;
  return {
    volumeId, name, shape, dtype,
    ...(source.rgb ? { rgb: true } : {}),
    ...(spacing === undefined ? {} : { spacing }),
    ...(displayRange === undefined ? {} : { displayRange }),
  };
}

/** @throws disk_full, file_not_written */
export function writeRecord(file: string, record: VolumeRecord): Promise<void> {
  return writeAtomically(file, `${JSON.stringify(record, undefined, 1)}\n`);
}

/** @returns undefined when there is none @throws file_unreadable when it is damaged */
export async function readRecord(file: string): Promise<VolumeRecord | undefined> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return undefined;
    throw MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  });
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (cause) {
    throw MaskletError.of("file_unreadable", { file, why: "it is not JSON" }, cause);
  }
  throw MaskletError.of("file_unreadable", { file, why: "it does not describe a volume" });
}

/** The file is ours, written whole; this tells it from one that was edited or belongs to another version. */
function isRecord(value: unknown): value is VolumeRecord {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("volume" in value)) return false;
  if (typeof value.volume !== "object" || value.volume === null || !("volumeId" in value.volume)) return false;
  if (value.kind === "pushed") return "declaration" in value && typeof value.declaration === "object" && value.declaration !== null;
  return (value.kind === "path" || value.kind === "upload") && "path" in value && typeof value.path === "string";
}
