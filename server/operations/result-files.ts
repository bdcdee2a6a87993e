// Files that a run makes besides its answer: kept while a job is known, or handed over with the answer.
import { createReadStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Schema } from "#protocol/types.ts";
import { writeFault } from "#server/volumes/write-atomic.ts";
import type { OperationContext } from "./contract.ts";
import type { Scratch } from "./scratch.ts";

type ResultFile = Schema<"ResultFile">;

/** Room in a frame for the answer that the files come with. */
const answerBytes = 32 * 2 ** 20;

const mediaTypes: Readonly<Record<string, string>> = { csv: "text/csv", json: "application/json", html: "text/html" };

/**
 * @param work is told where to write each of them
 * @throws too_large where files are to be handed over and do not fit into a frame, disk_full, file_not_written, and what the work throws
 */
export async function makeFiles<R extends object>(names: readonly string[], scratch: Scratch, { keepFolder }: Pick<OperationContext, "keepFolder">, work: (files: readonly { name: string; path: string }[]) => Promise<R>): Promise<R & { files?: ResultFile[] }> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return work([]);
  const make = async (folder: string): Promise<R & { files: ResultFile[] }> => {
    const places = wanted.map((name) => ({ name, path: join(folder, name) }));
    const result = await work(places);
    return { ...result, files: await Promise.all(places.map(async ({ name, path }) => ({ name, mediaType: mediaTypeOf(name) ?? "", sizeBytes: (await stat(path)).size }))) };
  };
  if (keepFolder !== undefined) return make(await keepFolder());
  return scratch.use(async (folder) => {
    const result = await make(folder);
    const size = result.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const limit = limits.maxFrameBytes - answerBytes;
    if (size > limit) throw MaskletError.of("too_large", { what: "files for one frame (start a job over HTTP instead)", size, limit, limitName: "maxFrameBytes" });
    return { ...result, files: await Promise.all(result.files.map(async (file) => ({ ...file, data: new Uint8Array(await readFile(join(folder, file.name))) }))) };
  });
}

function mediaTypeOf(name: string): string | undefined {
  return mediaTypes[/^[a-z]{1,40}\.([a-z]{3,4})$/.exec(name)?.[1] ?? ""];
}

/** @throws disk_full, file_not_written */
export async function writeText(path: string, content: string | Iterable<string>): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    throw writeFault(path, cause);
  }
}

/** A kept file on its way. @throws not_found */
export async function keptFile(folder: string | undefined, name: string): Promise<{ readonly mediaType: string; readonly sizeBytes: number; stream(): ReturnType<typeof createReadStream> }> {
  const none = MaskletError.of("not_found", { what: "file of the job", id: name });
  const mediaType = mediaTypeOf(name);
  if (folder === undefined || mediaType === undefined) throw none;
  const path = join(folder, name);
  const about = await stat(path).catch(() => undefined);
  if (about === undefined) throw none;
  return { mediaType, sizeBytes: about.size, stream: () => createReadStream(path) };
}
