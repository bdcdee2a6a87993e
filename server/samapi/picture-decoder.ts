// Decodes pictures on a thread of their own, so that the server goes on answering, and keeps the last ones: a viewer sends the same
// picture for each object on it.
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Fault } from "#protocol/types.ts";
import type { Picture } from "./decode-picture.ts";
import { Refusal } from "./refusal.ts";

export interface DecodeOrder {
  readonly id: number;
  readonly bytes: Uint8Array;
}

export type Decoded = { readonly id: number; readonly picture: Picture } | { readonly id: number; readonly fault: Fault | string };

export interface PictureDecoder {
  /** @throws Refusal 500 for what is no picture, and what decodePicture throws */
  decode(bytes: Uint8Array): Promise<Picture>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(picture: Picture): void;
  reject(fault: unknown): void;
  readonly timer: NodeJS.Timeout;
}

/** @param scratch a folder for TIFFs */
export function createPictureDecoder(scratch: string): PictureDecoder {
  const waiting = new Map<number, Waiting>();
  const kept = new Map<string, { readonly picture: Promise<Picture>; bytes: number }>();
  let thread: Worker | undefined;
  let lastId = 0;
  let bytesKept = 0;

  /** The next order starts another one. */
  function giveUp(why: string, cause?: unknown): void {
    const ended = thread;
    thread = undefined;
    void ended?.terminate();
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(MaskletError.of("file_unreadable", { file: "The picture", why }, cause));
    }
    waiting.clear();
  }

  function started(): Worker {
    if (thread !== undefined) return thread;
    const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./decode-thread.ts" : "./decode-thread.js", import.meta.url), { workerData: scratch });
    worker.unref();
    worker.on("error", (cause) => { if (thread === worker) giveUp(`decoding it failed (${reasonOf(cause)})`, cause); });
    worker.on("message", (said: Decoded) => {
      const one = waiting.get(said.id);
      waiting.delete(said.id);
      clearTimeout(one?.timer);
      if ("picture" in said) one?.resolve(said.picture);
      else one?.reject(typeof said.fault === "string" ? new Refusal(500, said.fault) : MaskletError.fromFault(said.fault));
    });
    thread = worker;
    return worker;
  }

  function ask(bytes: Uint8Array): Promise<Picture> {
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      // Not unref'd: while somebody waits the process must not end.
      const timer = setTimeout(() => giveUp(`decoding it took longer than ${limits.samapiDecodeMs / 1000} s`), limits.samapiDecodeMs);
      waiting.set(id, { resolve, reject, timer });
      started().postMessage({ id, bytes } satisfies DecodeOrder);
    });
  }

  /** The oldest go; one that is being decoded weighs nothing yet. */
  function keepTo(budget: number): void {
    for (const [name, { bytes }] of kept) {
      if (bytesKept <= budget) return;
      if (bytes === 0) continue;
      kept.delete(name);
      bytesKept -= bytes;
    }
  }

  function decodeAnew(name: string, bytes: Uint8Array): { readonly picture: Promise<Picture>; bytes: number } {
    const entry = { picture: ask(bytes), bytes: 0 };
    entry.picture.then((picture) => {
      if (kept.get(name) !== entry) return;
      entry.bytes = sizeOf(picture);
      bytesKept += entry.bytes;
      keepTo(limits.samapiPictureBytes);
    }, () => kept.delete(name));
    return entry;
  }

  return {
    decode(bytes) {
      const name = createHash("sha256").update(bytes).digest("hex");
      const entry = kept.get(name) ?? decodeAnew(name, bytes);
      // What is used is put at the end: the first ones are dropped.
      kept.delete(name);
      kept.set(name, entry);
      return entry.picture;
    },
    close: async () => {
      kept.clear();
      const ended = thread;
      giveUp("the server stops");
      await ended?.terminate();
    },
  };
}

function sizeOf({ planes }: Picture): number {
  return planes.reduce((sum, plane) => sum + plane.byteLength, 0);
}
