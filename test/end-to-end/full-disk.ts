// A full disk, for this process: every write fails as the operating system says it, while files can still be opened and named.
import promises, { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { devNull } from "node:os";

export interface FullDisk {
  /** There is space again. */
  free(): void;
}

/** Files opened before meet the full disk too. */
export async function fillDisk(): Promise<FullDisk> {
  const handle = await open(devNull, "r");
  const handles = Object.getPrototypeOf(handle);
  await handle.close();
  const { write, writeFile: writeWhole } = handles;
  const { writeFile } = promises;
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  Object.assign(handles, { write: refuse, writeFile: refuse });
  Object.assign(promises, { writeFile: refuse });
  syncBuiltinESMExports();
  return {
    free: () => {
      Object.assign(handles, { write, writeFile: writeWhole });
      Object.assign(promises, { writeFile });
      syncBuiltinESMExports();
    },
  };
}
