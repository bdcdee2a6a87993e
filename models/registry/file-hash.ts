// Hashes of files, read as a stream: weights are larger than what one wants in memory.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Watch } from "#protocol/types.ts";

/** @returns SHA-256, lower-case hex */
export async function sha256OfFile(path: string, watch: Watch = {}): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, watch.signal === undefined ? {} : { signal: watch.signal });
  return hash.digest("hex");
}
