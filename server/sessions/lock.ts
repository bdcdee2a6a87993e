// One process at a time writes the sessions of a folder. The lock names its process and when that began, so that a lock left
// by a killed process, even one whose number was given away again, does not keep anybody out.
import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

export interface Lock {
  release(): Promise<void>;
}

/** A process that was just killed takes a moment to end. */
const patienceMs = 500;
const lookMs = 50;

/** @throws session_in_use */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = join(folder, "lock");
  const patientUntilMs = performance.now() + patienceMs;
  const mine = JSON.stringify({ pid: process.pid, began: await processBegan(process.pid) });
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(path, mine, { flag: "wx" });
      return { release: () => unlink(path) };
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw MaskletError.of("file_not_written", { file: path, why: reasonOf(error) }, error);
      const holder = await holderOf(path);
      if (holder !== undefined && (await isAlive(holder))) {
        if (holder.pid === process.pid || performance.now() > patientUntilMs) throw MaskletError.of("session_in_use", { folder, pid: holder.pid }, error);
        attempt--;
        await setTimeout(lookMs);
        continue;
      }
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
  const fields = await processFields(holder.pid);
  // Killed, and nobody has asked for its exit code: it writes no more. In a container that may last for ever.
  if (fields?.[0] === "Z" || fields?.[0] === "X") return false;
  const began = await processBegan(holder.pid, fields);
  return holder.began === null || began === null || began === holder.began;
}

/** When a process began, as Linux counts it (boot and clock ticks since); null where that cannot be known. */
async function processBegan(pid: number, known?: readonly string[] | null): Promise<string | null> {
  const fields = known === undefined ? await processFields(pid) : known;
  const boot = await readProc("sys/kernel/random/boot_id");
  return fields === null || boot === null ? null : `${boot.trim()} ${fields[19]}`;
}

/** What Linux says of a process, from its state on (proc(5): field 3); null where there is nothing to read. */
async function processFields(pid: number): Promise<readonly string[] | null> {
  const stat = await readProc(`${pid}/stat`);
  // The program's name may hold spaces and brackets; fields are counted behind its last bracket.
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function readProc(name: string): Promise<string | null> {
  try {
    return await readFile(`/proc/${name}`, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
