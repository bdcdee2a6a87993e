// An update site as a folder that any web server can hand out: db.xml.gz, and each file under its name and timestamp.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MaskletError, isSystemError, reasonOf } from "#protocol/errors.ts";
import { checksum } from "./checksum.ts";
import { readDatabase, writeDatabase, type Listed } from "./database.ts";

export interface SiteFile {
  /** Where it goes in Fiji's folder, with forward slashes. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly description: string;
}

/**
 * Makes the site, or brings the one that is there up to date: what did not change keeps its version, older versions stay
 * listed, and what is no longer among the files is marked for removal.
 *
 * @param timestamp YYYYMMDDhhmmss of what is new
 * @returns the list as it was written, and the names of what is new on it
 * @throws file_unreadable for a list that is none, file_not_written
 */
export async function updateSite(folder: string, files: readonly SiteFile[], timestamp: string): Promise<{ readonly listed: readonly Listed[]; readonly fresh: ReadonlySet<string> }> {
  const list = join(folder, "db.xml.gz");
  const before = await readFile(list).then((content) => readDatabase(list, content), (error: unknown) => {
    if (isSystemError(error, "ENOENT")) return []; // a new site
    throw MaskletError.of("file_unreadable", { file: list, why: reasonOf(error) }, error);
  });
  const listed = nextList(before, files, timestamp);
  const had = (path: string, sum: string): boolean => before.some(({ filename, current }) => filename === path && current?.checksum === sum);
  const fresh = new Set(listed.flatMap(({ filename, current }) => (current === undefined || had(filename, current.checksum) ? [] : [filename])));
  for (const { path, content } of files) if (fresh.has(path)) await write(join(folder, `${path}-${timestamp}`), content);
  await write(list, writeDatabase(listed)); // last, so that it never names what is not there
  return { listed, fresh };
}

export function nextList(before: readonly Listed[], files: readonly SiteFile[], timestamp: string): Listed[] {
  const offered = files.map(({ path, content, description }): Listed => {
    const old = before.find(({ filename }) => withoutVersion(filename) === withoutVersion(path));
    const sum = checksum(path, content);
    if (old?.filename === path && old.current?.checksum === sum) return { ...old, description };
    return { filename: path, description, previous: old === undefined ? [] : history(old), current: { checksum: sum, timestamp, sizeBytes: content.byteLength } };
  });
  const kept = new Set(offered.map(({ filename }) => withoutVersion(filename)));
  const gone = before.filter(({ filename }) => !kept.has(withoutVersion(filename)));
  return [...offered, ...gone.map((old): Listed => ({ filename: old.filename, previous: history(old) }))];
}

function history({ filename, current, previous }: Listed): Listed["previous"] {
  return current === undefined ? previous : [{ checksum: current.checksum, timestamp: current.timestamp, filename }, ...previous];
}

/** The name under which the Updater takes two jars for versions of one: plugins/A_B-1.2.0.jar and plugins/A_B-1.3.0.jar. */
function withoutVersion(path: string): string {
  return path.replace(/-\d+(\.\d+)+(-[\w.]+)?(?=\.jar$)/, "");
}

async function write(file: string, content: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw MaskletError.of("file_not_written", { file, why: reasonOf(error) }, error);
  }
}
