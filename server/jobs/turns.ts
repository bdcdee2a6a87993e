// Work that must not overlap, in the order it was asked for, row by row; different rows go on side by side.
import { throwIfCancelled } from "#protocol/errors.ts";

export interface Turns {
  /**
   * Runs `work` when everything asked for before in this row has ended, well or badly; at once, before this call returns,
   * when the row is free, so that who asks first in two rows is first in both.
   * @throws cancelled, at once, when the signal fires while waiting; and what `work` throws
   */
  run<T>(row: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    run: async (row, signal, work) => {
      throwIfCancelled(signal);
      const before = last.get(row);
      const gate: { open: () => void } = { open: () => undefined };
      const own = new Promise<void>((open) => { gate.open = open; });
      const over = before === undefined ? own : before.then(() => own);
      last.set(row, over);
      try {
        if (before !== undefined) {
          await firstOf(before, signal);
          throwIfCancelled(signal);
        }
        return await work();
      } finally {
        gate.open();
        if (last.get(row) === over) void over.then(() => { if (last.get(row) === over) last.delete(row); });
      }
    },
  };
}

/** Resolves when `before` does or the signal fires. */
function firstOf(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return before;
  const heard: { stop: () => void } = { stop: () => undefined };
  const aborted = new Promise<void>((resolve) => {
    const listener = (): void => resolve();
    signal.addEventListener("abort", listener, { once: true });
    heard.stop = () => signal.removeEventListener("abort", listener);
  });
  return Promise.race([before, aborted]).finally(heard.stop);
}
