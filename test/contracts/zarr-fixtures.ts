// The Zarr folders of fixtures/zarr/variants.gz, laid out in a folder of the caller's.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** @returns the names of the folders, sorted */
export function unpackZarrFixtures(folder: string): string[] {
  const bytes = gunzipSync(readFileSync(new URL("../../fixtures/zarr/variants.gz", import.meta.url)));
  const end = bytes.indexOf(10);
  const index: [path: string, size: number][] = JSON.parse(bytes.toString("utf8", 0, end));
  let at = end + 1;
  for (const [path, size] of index) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes.subarray(at, at + size));
    at += size;
  }
  return [...new Set(index.map(([path]) => path.split("/")[0]!))].sort();
}
