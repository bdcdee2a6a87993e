// Decodes pictures on a thread of their own, so that the server goes on answering, and keeps the last ones: a viewer sends the same
// picture for each object on it.
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Fault } from "#protocol/types.ts";
import type { Picture } from "./decode-picture.ts";
import { Refusal } from "./refusal.ts";

/** What the thread says of the bytes it was sent. */
export type Decoded = { readonly picture: Picture } | { readonly fault: Fault | string };

export interface PictureDecoder {
  /** @throws Refusal 500 for what is no picture, what decodePicture throws, cancelled after `close` */
  decode(bytes: Uint8Array): Promise<Picture>;
  close(): Promise<void>;
}

interface Entry {
  readonly picture: Promise<Picture>;
  /** 0 until it is decoded. */
  bytes: number;
}

/** @param scratch a folder for TIFFs */
export function createPictureDecoder(scratch: string): PictureDecoder {
  // A Map keeps the order of insertion; what is used is put at its end.
  const kept = new Map<string, Entry>();
  const ended = new AbortController();
  let bytesKept = 0;
  let thread: Worker | undefined;
  let before: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./decode-thread.ts" : "./decode-thread.js", import.meta.url), { workerData: scratch });
    // Somebody who waits keeps the process by the timer beside.
    worker.unref();
    worker.on("error", () => { if (thread === worker) thread = undefined; });
    return worker;
  }

  /** One at a time, so that the time each takes is its own. */
  async function ask(bytes: Uint8Array): Promise<Decoded> {
    if (ended.signal.aborted) throw MaskletError.of("cancelled", {});
    const worker = (thread ??= start());
    const heard: { stop: () => void } = { stop: () => undefined };
    try {
      return await new Promise<Decoded>((resolve, reject) => {
        const fail = (why: string, cause?: unknown): void => reject(MaskletError.of("file_unreadable", { file: "The picture", why }, cause));
        const timer = setTimeout(() => fail(`decoding it took longer than ${limits.samapiDecodeMs / 1000} s`), limits.samapiDecodeMs);
        const onError = (cause: unknown): void => fail(`decoding it failed (${reasonOf(cause)})`, cause);
        const onEnd = (): void => reject(MaskletError.of("cancelled", {}));
        worker.once("message", resolve).once("error", onError);
        ended.signal.addEventListener("abort", onEnd);
        heard.stop = () => {
          clearTimeout(timer);
          worker.off("message", resolve).off("error", onError);
          ended.signal.removeEventListener("abort", onEnd);
        };
        worker.postMessage(bytes);
      });
    } catch (thrown) {
      // It is still at work, or has died: the next picture gets another one.
      thread = undefined;
      void worker.terminate();
      throw thrown;
    } finally {
      heard.stop();
    }
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

  function decodeAnew(name: string, bytes: Uint8Array): Entry {
    const asked = before.then(() => ask(bytes));
    before = asked.catch(() => undefined);
    const entry: Entry = { picture: asked.then(pictureOf), bytes: 0 };
    entry.picture.then(({ planes }) => {
      if (kept.get(name) !== entry) return;
      entry.bytes = planes.reduce((sum, plane) => sum + plane.byteLength, 0);
      bytesKept += entry.bytes;
      keepTo(limits.samapiPictureBytes);
    }, () => kept.delete(name));
    return entry;
  }

  return {
    decode(bytes) {
      const name = createHash("sha256").update(bytes).digest("hex");
      const entry = kept.get(name) ?? decodeAnew(name, bytes);
      kept.delete(name);
      kept.set(name, entry);
      return entry.picture;
    },
    close: async () => {
      ended.abort();
      await before;
      await thread?.terminate();
    },
  };
}

function pictureOf(said: Decoded): Picture {
  if ("picture" in said) return said.picture;
  throw typeof said.fault === "string" ? new Refusal(500, said.fault) : MaskletError.fromFault(said.fault);
}
