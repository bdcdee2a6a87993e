// One process at a time writes the sessions of a folder. The lock names its process and when that began, so that a lock left
// by a killed process, even one whose number was given away again, does not keep anybody out.
import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

export interface Lock {
  release(): Promise<void>;
}

/** @throws session_in_use */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = join(folder, "lock");
  const mine = JSON.stringify({ pid: process.pid, began: await processBegan(process.pid) });
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, mine, { flag: "wx" });
      return { release: () => unlink(path) };
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw MaskletError.of("file_not_written", { file: path, why: reasonOf(error) }, error);
      const holder = await holderOf(path);
      if (holder !== undefined && (await isAlive(holder))) throw MaskletError.of("session_in_use", { folder, pid: holder.pid }, error);
      if (attempt > 5) throw MaskletError.of("file_not_written", { file: path, why: "the lock comes back as often as it is removed" }, error);
      await unlink(path).catch((gone: unknown) => { if (!isSystemError(gone, "ENOENT")) throw gone; });
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly began: string | null;
}

/** Undefined when the file is gone or was half written: its writer died before it had the lock. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || typeof value.pid !== "number") return undefined;
    return { pid: value.pid, began: "began" in value && typeof value.began === "string" ? value.began : null };
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isSystemError(error, "ESRCH")) return false;
    // EPERM: it lives, as somebody else's.
  }
  const began = await processBegan(holder.pid);
  return holder.began === null || began === null || began === holder.began;
}

/** When a process began, as Linux counts it (boot and clock ticks since); null where that cannot be known. */
async function processBegan(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1");
    // The program's name may hold spaces and brackets; fields are counted behind its last bracket (proc(5): field 22).
    return `${boot.trim()} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
