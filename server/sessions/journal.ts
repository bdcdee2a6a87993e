// The journal file: records are appended, never changed. An edit is on the disk before it is acknowledged; a mask is with the
// operating system before it is sent, which a killed process cannot take back.
import { copyFile, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { writeFault } from "#server/volumes/write-atomic.ts";
import { encodeRecord, journalHeader, readRecords } from "./record.ts";
import type { JournalRecord } from "./record.ts";

/** What the journal asks of a file; tests give one that fails. */
export interface JournalFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  datasync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface Journal {
  /**
   * Writes one record behind the last; calls must not overlap. After a failure the file ends where it did before.
   * @param flush true waits until the record is on the disk
   * @throws disk_full, file_not_written
   */
  append(record: JournalRecord, flush: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or makes the journal; a torn tail is cut off.
 * @throws session_damaged when a record in the middle is unreadable. The file as it was is then kept beside it with `.damaged`
 * behind its name, the journal ends before the damage, and opening it again goes on from there.
 */
export async function openJournal(path: string, openFile: (path: string) => Promise<JournalFile> = openJournalFile): Promise<{ journal: Journal; records: readonly JournalRecord[] }> {
  const bytes = await readIfThere(path);
  const reading = readRecords(bytes);
  const file = await openFile(path);
  try {
    if (reading.damagedAt !== undefined) {
      const copy = `${path}.damaged`;
      await copyFile(path, copy);
      await file.truncate(reading.goodBytes);
      await file.datasync();
      const why = `the record at byte ${reading.damagedAt} of ${bytes.length} is unreadable; the whole file is kept as ${copy}, and opening again goes on with the ${reading.records.length} records before it`;
      throw MaskletError.of("session_damaged", { file: path, why });
    }
    let sizeBytes = reading.goodBytes;
    if (sizeBytes < bytes.length) await file.truncate(sizeBytes);
    if (sizeBytes === 0) {
      await file.write(journalHeader, 0);
      sizeBytes = journalHeader.length;
      await file.datasync();
      await syncFolder(dirname(path));
    }
    return { journal: journalOn(file, path, sizeBytes), records: reading.records };
  } catch (error) {
    await file.close();
    throw writeFault(path, error);
  }
}

/** What a journal holds, without opening it for writing or mending it. @throws session_damaged, file_unreadable */
export async function peekJournal(path: string): Promise<readonly JournalRecord[]> {
  const { records, damagedAt } = readRecords(await readIfThere(path));
  if (damagedAt !== undefined) throw MaskletError.of("session_damaged", { file: path, why: `the record at byte ${damagedAt} is unreadable` });
  return records;
}

function journalOn(file: JournalFile, path: string, startBytes: number): Journal {
  let sizeBytes = startBytes;
  return {
    append: async (record, flush) => {
      const bytes = encodeRecord(record);
      try {
        await file.write(bytes, sizeBytes);
        if (flush) await file.datasync();
      } catch (error) {
        const fault = writeFault(path, error);
        // The next record is written over what half arrived; cutting it off now keeps the file whole for a reader.
        await file.truncate(sizeBytes).catch((again: unknown) => { fault.cause = new AggregateError([error, again]); });
        throw fault;
      }
      sizeBytes += bytes.length;
    },
    close: () => file.close(),
  };
}

/** The file itself, made when it is not there. @throws the system's own error */
export async function openJournalFile(path: string): Promise<JournalFile> {
  const handle = await open(path, "a").then(async (made) => {
    await made.close();
    return open(path, "r+");
  });
  return {
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    datasync: () => handle.datasync(),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    close: () => handle.close(),
  };
}

/** Makes a folder's new entries survive a power cut. Windows has no such call and does it by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

async function readIfThere(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return new Uint8Array(0);
    throw MaskletError.of("file_unreadable", { file: path, why: reasonOf(error) }, error);
  }
}
