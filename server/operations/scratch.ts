// Folders for what does not fit into memory, each gone when nobody needs it any more, however its work ended.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";

export interface Scratch {
  /** @throws what `work` throws, disk_full, file_not_written */
  use<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** A folder that stays until it is removed. @throws disk_full, file_not_written */
  keep(): Promise<{ readonly path: string; remove(): Promise<void> }>;
}

/** What a killed process left under `folder` goes before the first use: sessions are one process's, so nobody else is at work in it. */
export function createScratch(folder: string, prefix: string): Scratch {
  const swept: { once: Promise<void> | undefined } = { once: undefined };
  const keep: Scratch["keep"] = async () => {
    await makeFolder(folder);
    await (swept.once ??= sweep(folder, prefix));
    const path = await mkdtemp(join(folder, prefix));
    return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
  };
  return {
    keep,
    use: async (work) => {
      const { path, remove } = await keep();
      try {
        return await work(path);
      } finally {
        await remove();
      }
    },
  };
}

async function sweep(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    // What cannot be removed takes room and does no harm.
    await rm(join(folder, name), { recursive: true, force: true }).catch((fault: unknown) => { if (!isSystemError(fault, "EACCES", "EPERM", "EBUSY", "ENOTEMPTY")) throw fault; });
  }
}
