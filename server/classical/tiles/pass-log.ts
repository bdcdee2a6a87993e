// What the tasks of a run answered, kept on the disk as they come, so that a run that was killed goes on where it was. A task's voxels are
// in their store before its answer is here, and tasks never read what their own pass writes, so any of them may be done twice.
import { closeSync, existsSync, fstatSync, openSync, readSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

export interface PassLog {
  /** Hands out what an earlier process noted of this pass. */
  replay<A>(pass: string, heard: (nth: number, answer: A) => void): void;
  /** @throws the system's own error */
  append(pass: string, nth: number, answer: unknown): void;
  /** No more answers will come. */
  finish(pass: string): void;
  close(): void;
}

const headBytes = 8;

/** @param folder one run's own; passes of a run have different names */
export function openPassLog(folder: string): PassLog {
  const handles = new Map<string, number>();
  const fileOf = (pass: string): string => join(folder, `${pass}.answers`);
  return {
    replay: (pass, heard) => {
      const file = fileOf(pass);
      if (!existsSync(file)) return;
      const handle = openSync(file, "r");
      const sizeBytes = fstatSync(handle).size;
      let good = 0;
      try {
        const head = Buffer.alloc(headBytes);
        for (let at = 0; readSync(handle, head, 0, headBytes, at) === headBytes;) {
          // Where the machine itself went down the file may end in zeros.
          const length = head.readUInt32LE(0);
          if (length === 0 || at + headBytes + length > sizeBytes) break;
          const body = Buffer.alloc(length);
          if (readSync(handle, body, 0, body.length, at + headBytes) < body.length) break;
          heard(head.readUInt32LE(4), deserialize(body));
          at += headBytes + body.length;
          good = at;
        }
      } finally {
        closeSync(handle);
      }
      // A record that half arrived is cut off, or the next one would stand behind it unread.
      truncateSync(file, good);
    },
    append: (pass, nth, answer) => {
      const handle = handles.get(pass) ?? openSync(fileOf(pass), "a");
      handles.set(pass, handle);
      const body = serialize(answer);
      const record = Buffer.alloc(headBytes + body.length);
      record.writeUInt32LE(body.length, 0);
      record.writeUInt32LE(nth, 4);
      body.copy(record, headBytes);
      for (let done = 0; done < record.length;) done += writeSync(handle, record, done);
    },
    finish: (pass) => {
      const handle = handles.get(pass);
      if (handle !== undefined) closeSync(handle);
      handles.delete(pass);
    },
    close: () => {
      for (const handle of handles.values()) closeSync(handle);
      handles.clear();
    },
  };
}
