// Work that takes much memory each: so much of it at once, the rest waits in the order it came.
import { MaskletError } from "#protocol/errors.ts";

export interface Places {
  /** @throws cancelled while it waits, and what the work throws */
  use<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

export function createPlaces(count: number): Places {
  const waiting = new Set<() => void>();
  const taken = { count: 0 };
  const enter = (signal: AbortSignal | undefined): Promise<void> => new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(MaskletError.of("cancelled", {}));
    const stop = (): void => {
      waiting.delete(go);
      reject(MaskletError.of("cancelled", {}));
    };
    const go = (): void => {
      waiting.delete(go);
      signal?.removeEventListener("abort", stop);
      taken.count++;
      resolve();
    };
    if (taken.count < count) return go();
    waiting.add(go);
    signal?.addEventListener("abort", stop, { once: true });
  });
  return {
    use: async (signal, work) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        taken.count--;
        const [next] = waiting;
        next?.();
      }
    },
  };
}
