// Which planes of a declared volume are held, and their hashes: a text file, one line a plane, only ever appended to.
import { appendFile, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Plane } from "#protocol/types.ts";
import { writeFault } from "./write-atomic.ts";

export interface PlaneIndex {
  hashOf(plane: Plane): string | undefined;
  /** Survives the end of the process when it resolves. @throws volume_changed when the plane has another hash, disk_full, file_not_written */
  add(plane: Plane, hash: string): Promise<void>;
  /** The plane is no longer on the disk; it may come again. */
  forget(plane: Plane): void;
  size(): number;
}

/** A plane as messages name it. */
export function planeName(plane: Plane): string {
  return `t=${plane.t} c=${plane.c} z=${plane.z}`;
}

const line = /^(\d+) (\d+) (\d+) ([0-9a-f]{64})$/;

/** Lines that are not whole (a process ended while it wrote) are passed over. @throws file_unreadable */
export async function openPlaneIndex(file: string): Promise<PlaneIndex> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (isSystemError(cause, "ENOENT")) return "";
    throw MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  });
  const hashes = new Map<string, string>();
  for (const row of text.split("\n")) {
    const [, t, c, z, hash] = line.exec(row) ?? [];
    // A later line wins: it was written after the plane was lost and sent again.
    if (hash !== undefined) hashes.set(planeName({ t: Number(t), c: Number(c), z: Number(z) }), hash);
  }
  await makeFolder(dirname(file));
  // One append at a time, so that lines do not mix. A line that was torn, by a kill or a full disk, is closed by the next.
  let queue = Promise.resolve();
  let torn = text !== "" && !text.endsWith("\n");
  return {
    hashOf: (plane) => hashes.get(planeName(plane)),
    add(plane, hash) {
      const added = queue.then(async () => {
        const before = hashes.get(planeName(plane));
        if (before === hash) return;
        if (before !== undefined) throw MaskletError.of("volume_changed", { plane: planeName(plane) });
        const start = torn ? "\n" : "";
        torn = true;
        await appendFile(file, `${start}${plane.t} ${plane.c} ${plane.z} ${hash}\n`).catch((cause: unknown) => { throw writeFault(file, cause); });
        torn = false;
        hashes.set(planeName(plane), hash);
      });
      // A failed append is told to its caller; later ones are tried again.
      queue = added.catch(() => undefined);
      return added;
    },
    forget: (plane) => void hashes.delete(planeName(plane)),
    size: () => hashes.size,
  };
}
