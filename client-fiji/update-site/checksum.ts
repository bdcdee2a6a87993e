// The ImageJ Updater's checksum of a file, by which it tells what it may replace from what a person has changed.
// Rules: imagej/imagej-updater, src/main/java/net/imagej/updater/util/UpdaterUtil.java.
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { MaskletError } from "#protocol/errors.ts";

/**
 * SHA-1 in hexadecimal. A plain file counts with its path. A jar counts by its entries' names and contents in the order of
 * their names, without its own path, times and manifest, so that building it again from the same sources changes nothing.
 *
 * @param path inside Fiji's folder, with forward slashes, such as plugins/Some_Plugin-1.0.jar
 * @throws internal for a jar with a .properties file: the Updater leaves out its comments, which no jar of ours has needed
 */
export function checksum(path: string, content: Uint8Array): string {
  const digest = createHash("sha1");
  if (!path.endsWith(".jar")) return digest.update(path, "ascii").update(content).digest("hex");
  const entries = unzipSync(content);
  for (const name of Object.keys(entries).sort()) {
    if (name.endsWith(".properties")) throw MaskletError.of("internal", { why: `${path} holds ${name}, which the Updater checks by a rule that is not written here` });
    digest.update(name, "ascii");
    if (name !== "META-INF/MANIFEST.MF") digest.update(entries[name]!);
  }
  return digest.digest("hex");
}
