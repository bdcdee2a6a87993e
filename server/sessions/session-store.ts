// The sessions of one home: a folder each, opened once per process, and written by one process at a time.
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { asMaskletError, isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { validate } from "#protocol/schema.ts";
import type { Session, ViewSettings } from "#protocol/types.ts";
import { writeFault } from "#server/volumes/write-atomic.ts";
import { fold } from "./fold.ts";
import { openJournal, openJournalFile, peekJournal, syncFolder } from "./journal.ts";
import type { JournalFile } from "./journal.ts";
import { lockFolder } from "./lock.ts";
import type { Lock } from "./lock.ts";
import { openSession, summarise } from "./session.ts";
import type { OpenSession, SessionDescription } from "./session.ts";

export interface SessionStore {
  /** @throws session_in_use, disk_full, file_not_written */
  create(volumeId: string, settings?: ViewSettings): Promise<OpenSession>;
  /** @throws not_found, session_in_use, session_damaged */
  open(sessionId: string): Promise<OpenSession>;
  /** The volume's session made last, opened; undefined when it has none. */
  newestOf(volumeId: string): Promise<OpenSession | undefined>;
  /** All sessions, newest first; those that cannot be opened are left out and given to `onUnreadable`. */
  list(): Promise<readonly Session[]>;
  close(): Promise<void>;
}

export interface SessionStoreOptions {
  readonly folder: string;
  readonly onUnreadable?: ((sessionId: string, error: MaskletError) => void) | undefined;
  readonly openFile?: ((path: string) => Promise<JournalFile>) | undefined;
}

const idPattern = /^ses-[A-Za-z0-9]{6,40}$/;

/** Nothing is read, made or locked before the first call. */
export function createSessionStore({ folder, onUnreadable, openFile = openJournalFile }: SessionStoreOptions): SessionStore {
  const opened = new Map<string, Promise<OpenSession>>();
  let lock: Promise<Lock> | undefined;

  const locked = async (): Promise<void> => {
    lock ??= makeFolder(folder).then(() => lockFolder(folder));
    try {
      await lock;
    } catch (error) {
      lock = undefined;
      throw error;
    }
  };

  const openOnce = (sessionId: string): Promise<OpenSession> => {
    const found = opened.get(sessionId);
    if (found !== undefined) return found;
    const opening = (async () => {
      await locked();
      const description = await readDescription(folder, sessionId);
      const { journal, records } = await openJournal(join(folder, sessionId, "journal.bin"), openFile);
      return openSession(description, journal, records);
    })();
    opened.set(sessionId, opening);
    opening.catch(() => opened.delete(sessionId));
    return opening;
  };

  const descriptions = async (): Promise<readonly SessionDescription[]> => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isSystemError(error, "ENOENT")) return [];
      throw error;
    });
    const found: SessionDescription[] = [];
    for (const name of names) {
      if (!idPattern.test(name)) continue;
      try {
        found.push(await readDescription(folder, name));
      } catch (error) {
        onUnreadable?.(name, asMaskletError(error));
      }
    }
    return found.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : a.sessionId < b.sessionId ? -1 : 1));
  };

  return {
    create: async (volumeId, settings = {}) => {
      await locked();
      const sessionId = `ses-${randomBytes(8).toString("hex")}`;
      await writeDescription(folder, { sessionId, volumeId, settings, created: new Date().toISOString() });
      return openOnce(sessionId);
    },
    open: openOnce,
    newestOf: async (volumeId) => {
      const newest = (await descriptions()).find((description) => description.volumeId === volumeId);
      return newest === undefined ? undefined : openOnce(newest.sessionId);
    },
    list: async () => {
      const sessions: Session[] = [];
      for (const description of await descriptions()) {
        const { sessionId } = description;
        try {
          // Those nobody works on are only looked into: a thousand sessions must not be a thousand open files.
          const open = await opened.get(sessionId);
          sessions.push(open?.summary() ?? summarise(description, fold(await peekJournal(join(folder, sessionId, "journal.bin")))));
        } catch (error) {
          onUnreadable?.(sessionId, asMaskletError(error));
        }
      }
      return sessions;
    },
    close: async () => {
      for (const opening of opened.values()) {
        // One that failed to open was told so to whoever asked; there is nothing of it to close.
        const session = await opening.catch(() => undefined);
        await session?.close();
      }
      opened.clear();
      const held = lock;
      lock = undefined;
      if (held !== undefined) await (await held).release();
    },
  };
}

async function writeDescription(folder: string, description: SessionDescription): Promise<void> {
  const own = join(folder, description.sessionId);
  try {
    await mkdir(own);
    const draft = join(own, "session.json.draft");
    const handle = await open(draft, "w");
    await handle.writeFile(`${JSON.stringify(description, null, 2)}\n`).then(() => handle.datasync()).finally(() => handle.close());
    await rename(draft, join(own, "session.json"));
    await syncFolder(own);
    await syncFolder(folder);
  } catch (error) {
    // Half a session would be found, and told of, at every start.
    await rm(own, { recursive: true, force: true });
    throw writeFault(own, error);
  }
}

async function readDescription(folder: string, sessionId: string): Promise<SessionDescription> {
  if (!idPattern.test(sessionId)) throw MaskletError.of("not_found", { what: "session", id: sessionId });
  const file = join(folder, sessionId, "session.json");
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (isDescription(value) && value.sessionId === sessionId) return value;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) throw MaskletError.of("not_found", { what: "session", id: sessionId }, error);
    throw MaskletError.of("session_damaged", { file, why: reasonOf(error) }, error);
  }
  throw MaskletError.of("session_damaged", { file, why: "a member is missing or of the wrong type" });
}

function isDescription(value: unknown): value is SessionDescription {
  if (typeof value !== "object" || value === null) return false;
  if (!("sessionId" in value && "volumeId" in value && "created" in value && "settings" in value)) return false;
  const { sessionId, volumeId, created, settings } = value;
  validate("ViewSettings", settings);
  return typeof sessionId === "string" && typeof volumeId === "string" && typeof created === "string";
}
