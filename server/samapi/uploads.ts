// Frames that were uploaded for a video, in a folder each, until they are asked about or forgotten.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { limits } from "#protocol/limits.ts";
import type { Upload } from "./body.ts";
import { pictureHead } from "./picture-head.ts";
import type { PictureHead } from "./picture-head.ts";
import { invalid, Refusal } from "./refusal.ts";

export interface TakenFrames {
  /** In the order of their numbers. */
  readonly frames: readonly UploadedFrame[];
  remove(): Promise<void>;
}

export interface UploadedFrame {
  readonly file: string;
  /** Undefined for a TIFF. */
  readonly head: PictureHead | undefined;
}

export interface Uploads {
  /** @throws Refusal 422 for names that are not a plain folder and a number, and for what is no picture; 413 for too much; disk_full */
  put(upload: Upload): Promise<void>;
  /** Gives the frames away: they are found here no more. @returns undefined without any */
  take(dirname: string): Promise<TakenFrames | undefined>;
  /** Removes what nobody asked about. */
  close(): Promise<void>;
}

const prefix = "samapi-frames-";

interface Folder {
  readonly path: string;
  /** By number, as some frame may be sent twice. */
  readonly frames: Map<number, { readonly bytes: number; readonly head: PictureHead | undefined }>;
  timer: NodeJS.Timeout | undefined;
}

/** @param scratch frames lie in a folder of this process's in it; those of processes that were killed go at the first use */
export function createUploads(scratch: string, idleMs: number): Uploads {
  const root = join(scratch, `${prefix}${process.pid}-${randomUUID().slice(0, 8)}`);
  const folders = new Map<string, Folder>();
  const ready: { once: Promise<void> | undefined } = { once: undefined };
  let bytesHeld = 0;
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });

  async function begin(): Promise<void> {
    await makeFolder(root);
    const left = (await readdir(scratch)).filter((name) => name.startsWith(prefix) && !isAlive(Number.parseInt(name.slice(prefix.length), 10)));
    // What cannot be removed takes room and does no harm.
    for (const name of left) await remove(join(scratch, name)).catch((thrown: unknown) => { if (!isSystemError(thrown, "EACCES", "EPERM", "EBUSY", "ENOTEMPTY")) throw thrown; });
  }

  function forget(dirname: string, folder: Folder): void {
    clearTimeout(folder.timer);
    if (folders.get(dirname) !== folder) return;
    folders.delete(dirname);
    for (const { bytes } of folder.frames.values()) bytesHeld -= bytes;
  }

  function folderOf(dirname: string): Folder {
    const known = folders.get(dirname);
    if (known !== undefined) return known;
    // Not under the sender's name: file systems have their own ideas of which names are equal.
    const folder: Folder = { path: join(root, randomUUID()), frames: new Map(), timer: undefined };
    folders.set(dirname, folder);
    return folder;
  }

  function rest(dirname: string, folder: Folder): void {
    clearTimeout(folder.timer);
    folder.timer = setTimeout(() => {
      forget(dirname, folder);
      // It would be removed with all others at the latest.
      remove(folder.path).catch(() => undefined);
    }, idleMs).unref();
  }

  return {
    async put({ dirname, filename, bytes }) {
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(dirname)) throw invalid(["body", "dirname"], "it must be a plain name: letters, digits, - and _", "value_error");
      const digits = /^(\d{1,9})\.jpe?g$/i.exec(filename)?.[1];
      if (digits === undefined) throw invalid(["body", "file"], "its name must be a number and .jpg", "value_error");
      const frame = Number(digits);
      const head = headOf(bytes);
      await (ready.once ??= begin());
      const folder = folderOf(dirname);
      rest(dirname, folder);
      const before = folder.frames.get(frame)?.bytes ?? 0;
      if (bytesHeld + bytes.length - before > limits.maxSamapiUploadBytes || folder.frames.size >= limits.maxSamapiFrames) {
        throw new Refusal(413, `There are more frames than are kept (maxSamapiFrames ${limits.maxSamapiFrames}, maxSamapiUploadBytes ${limits.maxSamapiUploadBytes}).`);
      }
      bytesHeld += bytes.length - before;
      folder.frames.set(frame, { bytes: bytes.length, head });
      await mkdir(folder.path, { recursive: true });
      // Whole or not there, also when a frame is sent twice at a time.
      const part = join(folder.path, `${randomUUID()}.part`);
      await writeFile(part, bytes);
      await rename(part, join(folder.path, `${frame}.jpg`));
    },
    async take(dirname) {
      const folder = folders.get(dirname);
      if (folder === undefined) return undefined;
      forget(dirname, folder);
      const names = await readdir(folder.path).catch((thrown: unknown) => {
        if (isSystemError(thrown, "ENOENT")) return [];
        throw thrown;
      });
      const whole = new Set(names);
      const frames = [...folder.frames].sort(([a], [b]) => a - b).filter(([frame]) => whole.has(`${frame}.jpg`));
      if (frames.length === 0) {
        await remove(folder.path);
        return undefined;
      }
      return { frames: frames.map(([frame, { head }]) => ({ file: join(folder.path, `${frame}.jpg`), head })), remove: () => remove(folder.path) };
    },
    close: async () => {
      for (const [dirname, folder] of folders) forget(dirname, folder);
      if (ready.once !== undefined) await remove(root);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return isSystemError(thrown, "EPERM");
  }
}

/** Looked at now: an upload that is refused ends the run at once, a frame that cannot be read would end it late. */
function headOf(bytes: Uint8Array): PictureHead | undefined {
  try {
    return pictureHead(bytes);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw invalid(["body", "file"], thrown.message, "value_error");
    throw thrown;
  }
}
