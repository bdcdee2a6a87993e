// A file from a web address that goes on where a failed, cancelled or killed download stopped: what came lies in a `.part`
// beside a note of which version of the file it is. The server is asked for the rest of that very version (RFC 9110, 13.1.5
// and 14: If-Range, Range); whatever does not fit makes it begin anew.
import { createHash } from "node:crypto";
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { MaskletError, asMaskletError, reasonOf, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import type { Watch } from "#protocol/types.ts";
import { bodyPlan, isVersion, openAddress, rangeHeaders } from "./range-request.ts";
import type { FileVersion } from "./range-request.ts";
import { fileNameOf, requireAddress } from "./web-address.ts";

/** Tries in a row that bring nothing new. */
const TRIES = 5;
const WAIT_MS = 1000;
/** A connection that brings nothing for this long is given up. */
const SILENCE_MS = 60_000;

export interface DownloadRequest {
  /** The model's id, for messages. */
  readonly model: string;
  readonly address: string;
  /** Where parts lie. */
  readonly folder: string;
  /** For the progress while the server has not said. */
  readonly sizeBytes?: number | undefined;
  /** Before a second try; grows with each. Default a second. */
  readonly waitMs?: number | undefined;
}

export interface Downloaded {
  readonly path: string;
  /** Removes the file: it has been used, or is of no use. */
  discard(): Promise<void>;
}

interface Part {
  readonly path: string;
  readonly notePath: string;
}

/** @throws usage for an address that is not used, download_failed, too_large, disk_full, file_not_written, cancelled; what came stays for the next try */
export async function downloadFile(request: DownloadRequest, watch: Watch = {}): Promise<Downloaded> {
  const url = requireAddress(request.address);
  await makeFolder(request.folder);
  const name = `${createHash("sha256").update(request.address).digest("hex").slice(0, 12)}-${fileNameOf(url).replace(/[^\w.-]/g, "_").slice(0, 80)}`;
  const part: Part = { path: join(request.folder, `${name}.part`), notePath: join(request.folder, `${name}.json`) };
  let most = await sizeOf(part.path);
  for (let tried = 1; ; tried++) {
    throwIfCancelled(watch.signal);
    const why = await attempt(url, part, request, watch);
    if (why === undefined) return { path: part.path, discard: () => discard(part) };
    const now = await sizeOf(part.path);
    if (now > most) {
      most = now;
      tried = 0;
    }
    if (tried >= TRIES) throw failed(request, `${why}; ${now} bytes are kept, and the next try goes on from there`);
    await pause((request.waitMs ?? WAIT_MS) * Math.max(1, tried), watch);
  }
}

/** One connection. @returns undefined when the file is whole, else why it is worth another try */
async function attempt(url: URL, part: Part, request: DownloadRequest, watch: Watch): Promise<string | undefined> {
  const known = await readNote(part);
  if (known === undefined) await rm(part.path, { force: true });
  const have = await sizeOf(part.path);
  const silence = new AbortController();
  const heard = (): NodeJS.Timeout => setTimeout(() => silence.abort(), SILENCE_MS);
  let timer = heard();
  try {
    const signal = watch.signal === undefined ? silence.signal : AbortSignal.any([watch.signal, silence.signal]);
    const response = await openAddress(url, rangeHeaders(have, known), signal);
    if (typeof response === "string") throw failed(request, response);
    const plan = bodyPlan(response, have, known);
    if (plan.kind !== "body") await response.body?.cancel();
    if (plan.kind === "refused") throw failed(request, plan.why);
    if (plan.kind === "again") {
      if (plan.anew) await discard(part);
      return plan.why;
    }
    if (plan.kind === "whole") return undefined;
    if ((plan.version.totalBytes ?? 0) > limits.maxModelBytes) throw tooLarge(plan.version.totalBytes ?? 0);
    await guarded(part.notePath, () => writeFile(part.notePath, JSON.stringify({ address: request.address, ...plan.version })));
    const file = await guarded(part.path, () => open(part.path, plan.start === 0 ? "w" : "a"));
    try {
      let done = plan.start;
      for await (const chunk of response.body ?? []) {
        clearTimeout(timer);
        timer = heard();
        // Two processes that write one part would leave neither's file.
        if ((await file.stat()).size !== done) throw failed(request, `another process downloads it too (${part.path})`);
        await guarded(part.path, () => file.appendFile(chunk));
        done += chunk.length;
        if (done > limits.maxModelBytes) throw tooLarge(done);
        watch.onProgress?.({ done, total: Math.max(plan.version.totalBytes ?? request.sizeBytes ?? 0, done), unit: "bytes" });
      }
      const total = plan.version.totalBytes;
      if (total === undefined || done === total) return undefined;
      if (done > total) await discard(part);
      return `${done} of ${total} bytes came`;
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throwIfCancelled(watch.signal);
    if (thrown instanceof MaskletError) throw thrown;
    return silence.signal.aborted ? `nothing came for ${SILENCE_MS / 1000} s` : networkReason(thrown);
  } finally {
    clearTimeout(timer);
  }
}

async function pause(ms: number, watch: Watch): Promise<void> {
  try {
    await wait(ms, undefined, watch.signal === undefined ? {} : { signal: watch.signal });
  } catch (thrown) {
    throw asMaskletError(thrown);
  }
}

async function readNote(part: Part): Promise<FileVersion | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(part.notePath, "utf8"));
    return isVersion(value) ? value : undefined;
  } catch (thrown) {
    // Not there, or cut off by a kill: what came cannot be told from another version of the file.
    if (thrown instanceof SyntaxError || (thrown instanceof Error && "code" in thrown)) return undefined;
    throw thrown;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function discard(part: Part): Promise<void> {
  await rm(part.path, { force: true });
  await rm(part.notePath, { force: true });
}

/** Faults of the disk, apart from those of the network. */
async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const fault = asMaskletError(thrown);
    throw fault.code === "internal" ? MaskletError.of("file_not_written", { file: path, why: reasonOf(thrown) }, thrown) : fault;
  }
}

/** What fetch hides in the cause. */
function networkReason(thrown: unknown): string {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const code = inner instanceof Error && "code" in inner ? ` (${String(inner.code)})` : "";
  return `${reasonOf(inner).split("\n", 1)[0]}${code}`;
}

function failed(request: DownloadRequest, why: string): MaskletError {
  return MaskletError.of("download_failed", { model: request.model, why: `${request.address}: ${why}` });
}

function tooLarge(size: number): MaskletError {
  return MaskletError.of("too_large", { what: "file of weights", size, limit: limits.maxModelBytes, limitName: "maxModelBytes" });
}
