// prompts.json and the PNG masks beside it.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { decode } from "fast-png";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { packMask } from "#protocol/mask.ts";
import { validate } from "#protocol/schema.ts";
import type { MaskBits, PromptsFile } from "#protocol/types.ts";

/** @throws file_missing, file_unreadable, request_invalid, too_large */
export function readPromptsFile(path: string): PromptsFile {
  const bytes = readInput(path, limits.maxJsonBytes);
  try {
    return validate("PromptsFile", JSON.parse(bytes.toString("utf8")));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw MaskletError.of("file_unreadable", { file: path, why: `it is not JSON (${cause.message})` }, cause);
    throw cause;
  }
}

/** Reads a mask named in a prompts file: pixels that are not zero (in any colour channel) are the object. */
export function maskReader(promptsPath: string): (name: string) => MaskBits {
  return (name) => {
    const path = resolve(dirname(promptsPath), name);
    const png = decodePng(path, readInput(path, limits.maxUploadBytes));
    const colours = png.channels === 2 || png.channels === 4 ? png.channels - 1 : png.channels;
    const data = new Uint8Array(png.width * png.height);
    for (let at = 0; at < data.length; at++) {
      for (let channel = 0; channel < colours; channel++) if (png.data[at * png.channels + channel] !== 0) data[at] = 1;
    }
    const { box, bits, area } = packMask({ box: [0, 0, png.width, png.height], data });
    if (area === 0) throw MaskletError.of("prompt_empty", { why: `the mask ${name} has no pixel that is not zero` });
    return { box, bits };
  };
}

function decodePng(path: string, bytes: Uint8Array) {
  try {
    return decode(bytes);
  } catch (cause) {
    throw MaskletError.of("file_unreadable", { file: path, why: `it is not a PNG (${cause instanceof Error ? cause.message : cause})` }, cause);
  }
}

/** A whole small file. @throws file_missing, file_unreadable, too_large */
function readInput(path: string, limit: number): Buffer {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= limit) return bytes;
    throw MaskletError.of("too_large", { what: path, size: bytes.length, limit, limitName: limit === limits.maxJsonBytes ? "maxJsonBytes" : "maxUploadBytes" });
  } catch (cause) {
    if (cause instanceof MaskletError) throw cause;
    if (isSystemError(cause, "ENOENT")) throw MaskletError.of("file_missing", { file: path }, cause);
    throw MaskletError.of("file_unreadable", { file: path, why: reasonOf(cause) }, cause);
  }
}
