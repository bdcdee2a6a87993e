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

export interface FileOrder {
  readonly name: string;
  readonly mediaType: string;
  /** In pieces where it would not fit into one text. */
  content(): Promise<string | Iterable<string>>;
}

/** Room in a frame for the answer that the files come with. */
const answerBytes = 32 * 2 ** 20;

/** @throws too_large where files are to be handed over and do not fit into a frame, disk_full, file_not_written, and what making them throws */
export async function makeFiles(orders: readonly FileOrder[], scratch: Scratch, { keepFolder }: Pick<OperationContext, "keepFolder">): Promise<Schema<"ResultFile">[]> {
  if (orders.length === 0) return [];
  if (keepFolder !== undefined) return writeAll(orders, await keepFolder());
  return scratch.use(async (folder) => {
    const files = await writeAll(orders, folder);
    const size = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const limit = limits.maxFrameBytes - answerBytes;
    if (size > limit) throw MaskletError.of("too_large", { what: "files for one frame (start a job over HTTP instead)", size, limit, limitName: "maxFrameBytes" });
    return Promise.all(files.map(async (file) => ({ ...file, data: new Uint8Array(await readFile(join(folder, file.name))) })));
  });
}

async function writeAll(orders: readonly FileOrder[], folder: string): Promise<Schema<"ResultFile">[]> {
  const files: Schema<"ResultFile">[] = [];
  for (const { name, mediaType, content } of orders) {
    const path = join(folder, name);
    await writeText(path, await content());
    files.push({ name, mediaType, sizeBytes: (await stat(path)).size });
  }
  return files;
}

/** @throws disk_full, file_not_written */
export async function writeText(path: string, content: string | Iterable<string>): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    throw writeFault(path, cause);
  }
}

const mediaTypes: Readonly<Record<string, string>> = { csv: "text/csv", json: "application/json", html: "text/html; charset=utf-8" };

/** A kept file on its way. @throws not_found */
export async function keptFile(folder: string | undefined, name: string): Promise<{ readonly mediaType: string; readonly sizeBytes: number; stream(): ReturnType<typeof createReadStream> }> {
  const none = MaskletError.of("not_found", { what: "file of the job", id: name });
  const ending = /^[a-z]{1,40}\.([a-z]{3,4})$/.exec(name)?.[1];
  const mediaType = mediaTypes[ending ?? ""];
  if (folder === undefined || mediaType === undefined) throw none;
  const path = join(folder, name);
  const about = await stat(path).catch(() => undefined);
  if (about === undefined) throw none;
  return { mediaType, sizeBytes: about.size, stream: () => createReadStream(path) };
}
