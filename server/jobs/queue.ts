// Jobs: runs of an operation that are asked for over HTTP, watched, cancelled, and asked about after they ended.
import { randomBytes } from "node:crypto";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Job, Mask, Progress } from "#protocol/types.ts";

export type JobEvent =
  | { readonly event: "progress"; readonly data: Progress }
  | { readonly event: "mask"; readonly data: Mask }
  | { readonly event: "end"; readonly data: Job };

export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onMask: (mask: Mask) => void;
  /** For files that can be asked for as long as the job can; always the same one. */
  readonly keepFolder: () => Promise<string>;
}

export interface KeptFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export interface JobQueue {
  /** Starts as soon as one of `maxRunning` places is free. @throws too_many */
  submit(operation: string, work: (context: JobContext) => Promise<object>, sessionId?: string): Job;
  /** @throws not_found */
  get(id: string): Job;
  /** Where the files of a job that is done lie, if it made any. @throws not_found */
  folderOf(id: string): string | undefined;
  /** A job that ended stays as it is. @throws not_found */
  cancel(id: string): Job;
  /**
   * Events from now on; for a job that ended, its end at once. Masks that came before are in the session.
   * @returns a function that stops listening
   * @throws not_found
   */
  subscribe(id: string, listener: (event: JobEvent) => void): () => void;
  /** Cancels what runs and waits for it to end. */
  close(): Promise<void>;
}

export interface JobQueueOptions {
  /** Jobs that hold a place at once; those of one session wait for each other besides. */
  readonly maxRunning?: number;
  readonly maxPending?: number;
  readonly maxEndedJobs?: number;
  readonly maxEndedRows?: number;
  readonly openFolder?: (() => Promise<KeptFolder>) | undefined;
  readonly onFailed?: ((job: Job, error: MaskletError) => void) | undefined;
}

interface Entry {
  job: Job;
  readonly abort: AbortController;
  readonly work: (context: JobContext) => Promise<object>;
  readonly listeners: Set<(event: JobEvent) => void>;
  folder: Promise<KeptFolder> | undefined;
  /** Of the folder, once it is there. */
  path: string | undefined;
  rows: number;
}

export function createJobQueue(options: JobQueueOptions = {}): JobQueue {
  const { maxRunning = limits.maxRunningJobs, maxPending = limits.maxPending, maxEndedJobs = limits.maxEndedJobs, maxEndedRows = limits.maxEndedRows, openFolder, onFailed } = options;
  const entries = new Map<string, Entry>();
  const waiting: Entry[] = [];
  const running = new Map<Entry, Promise<void>>();
  const ended: Entry[] = [];
  const removing = new Set<Promise<void>>();

  const tell = (entry: Entry, event: JobEvent): void => {
    for (const listener of [...entry.listeners]) listener(event);
  };

  const end = (entry: Entry, outcome: Partial<Job> & Pick<Job, "state">): void => {
    entry.job = { ...entry.job, ...outcome };
    tell(entry, { event: "end", data: entry.job });
    entry.listeners.clear();
    entry.rows = rowsIn(entry.job.result ?? {});
    ended.push(entry);
    if (entry.job.state !== "done") removeFolder(entry);
    for (let rows = ended.reduce((sum, one) => sum + one.rows, 0); ended.length > maxEndedJobs || (rows > maxEndedRows && ended.length > 1);) {
      const oldest = ended.shift()!;
      rows -= oldest.rows;
      entries.delete(oldest.job.id);
      removeFolder(oldest);
    }
  };

  const removeFolder = (entry: Entry): void => {
    const { folder } = entry;
    entry.folder = undefined;
    if (folder === undefined) return;
    // What cannot be removed goes at the next start.
    const gone: Promise<void> = folder.then(({ remove }) => remove()).catch(() => undefined).finally(() => removing.delete(gone));
    removing.add(gone);
  };

  const runOne = async (entry: Entry): Promise<void> => {
    entry.job = { ...entry.job, state: "running" };
    try {
      const result = await entry.work({
        signal: entry.abort.signal,
        onProgress: (progress) => {
          entry.job = { ...entry.job, progress };
          tell(entry, { event: "progress", data: progress });
        },
        onMask: (mask) => tell(entry, { event: "mask", data: mask }),
        keepFolder: async () => {
          if (openFolder === undefined) throw MaskletError.of("internal", { why: "this queue keeps no files" });
          return (entry.path = (await (entry.folder ??= openFolder())).path);
        },
      });
      end(entry, { state: "done", result: { ...result } });
    } catch (thrown) {
      const error = asMaskletError(thrown);
      if (error.code === "cancelled") end(entry, { state: "cancelled", error: error.toFault() });
      else {
        end(entry, { state: "failed", error: error.toFault() });
        onFailed?.(entry.job, error);
      }
    }
  };

  const fill = (): void => {
    while (running.size < maxRunning && waiting.length > 0) {
      const entry = waiting.shift()!;
      running.set(entry, runOne(entry).finally(() => {
        running.delete(entry);
        fill();
      }));
    }
  };

  const entryOf = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw MaskletError.of("not_found", { what: "job", id });
    return entry;
  };

  const cancel = (entry: Entry): void => {
    if (entry.job.state !== "queued" && entry.job.state !== "running") return;
    entry.abort.abort();
    const place = waiting.indexOf(entry);
    if (place < 0) return;
    waiting.splice(place, 1);
    end(entry, { state: "cancelled", error: MaskletError.of("cancelled", {}).toFault() });
  };

  return {
    submit: (operation, work, sessionId) => {
      if (running.size + waiting.length >= maxPending) throw MaskletError.of("too_many", { what: "jobs", limit: maxPending, limitName: "maxPending" });
      const job: Job = { id: `job-${randomBytes(8).toString("hex")}`, operation, ...(sessionId === undefined ? {} : { sessionId }), state: "queued", progress: { done: 0, total: 0, unit: "planes" } };
      const entry: Entry = { job, abort: new AbortController(), work, listeners: new Set(), folder: undefined, path: undefined, rows: 0 };
      entries.set(job.id, entry);
      waiting.push(entry);
      fill();
      return entry.job;
    },
    get: (id) => entryOf(id).job,
    folderOf: (id) => {
      const { job, path } = entryOf(id);
      return job.state === "done" ? path : undefined;
    },
    cancel: (id) => {
      const entry = entryOf(id);
      cancel(entry);
      return entry.job;
    },
    subscribe: (id, listener) => {
      const entry = entryOf(id);
      if (entry.job.state !== "queued" && entry.job.state !== "running") {
        listener({ event: "end", data: entry.job });
        return () => undefined;
      }
      listener({ event: "progress", data: entry.job.progress });
      entry.listeners.add(listener);
      return () => void entry.listeners.delete(listener);
    },
    close: async () => {
      for (const entry of [...entries.values()]) cancel(entry);
      await Promise.all(running.values());
      for (const entry of entries.values()) removeFolder(entry);
      await Promise.all(removing);
    },
  };
}

/** The lists of an answer are what takes room. */
function rowsIn(value: object): number {
  return Object.values(value).reduce((sum: number, member: unknown) => sum + (Array.isArray(member) ? member.length : typeof member === "object" && member !== null ? rowsIn(member) : 0), 0);
}
