// What goes out on one connection: frames in order, masks no faster than the client takes them, progress no oftener than is read.
import { MaskletError } from "#protocol/errors.ts";
import { encodeFrame } from "#protocol/frame.ts";
import { limits } from "#protocol/limits.ts";
import type { Progress, ServerMessage } from "#protocol/types.ts";

/** The part of a WebSocket that sending needs. */
export interface Wire {
  readonly bufferedAmount: number;
  /** @param sent called when the bytes are with the operating system, or will never be */
  send(frame: Uint8Array, sent: () => void): void;
}

export interface Outbox {
  send(message: ServerMessage): void;
  /** Sends and waits until less than `maxUnsentBytes` are on their way. @throws cancelled when the connection or the request ends meanwhile */
  sendPaced(message: ServerMessage, signal: AbortSignal | undefined): Promise<void>;
  /** At most one message in `progressEveryMs` for each request; `endProgress` sends what was held back last. */
  progress(id: number, progress: Progress): void;
  endProgress(id: number): void;
  /** Nothing is sent from now on, and nobody waits any more. */
  close(): void;
}

const progressEveryMs = 50;

interface Shown {
  at: number;
  held: Progress | undefined;
}

export function createOutbox(wire: Wire, maxUnsentBytes: number = limits.maxUnsentBytes, now: () => number = () => performance.now()): Outbox {
  const state = { closed: false };
  const waiting = new Set<() => void>();
  const shown = new Map<number, Shown>();

  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };

  const send = (message: ServerMessage): void => {
    if (!state.closed) wire.send(encodeFrame(message), wakeAll);
  };

  const change = (signal: AbortSignal | undefined): Promise<void> => new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
  });

  return {
    send,
    sendPaced: async (message, signal) => {
      send(message);
      while (!state.closed && signal?.aborted !== true && wire.bufferedAmount > maxUnsentBytes) await change(signal);
      if (state.closed || signal?.aborted === true) throw MaskletError.of("cancelled", {});
    },
    progress: (id, progress) => {
      const last = shown.get(id);
      const at = now();
      if (last !== undefined && at - last.at < progressEveryMs) {
        last.held = progress;
        return;
      }
      shown.set(id, { at, held: undefined });
      send({ t: "progress", id, progress });
    },
    endProgress: (id) => {
      const held = shown.get(id)?.held;
      shown.delete(id);
      if (held !== undefined) send({ t: "progress", id, progress: held });
    },
    close: () => {
      state.closed = true;
      wakeAll();
    },
  };
}
