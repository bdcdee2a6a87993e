// Work for the time in which a person thinks: begun when no request has needed the model for a while, dropped as soon as one
// does. All sessions share one model process, so a request of any of them counts.
import { limits } from "#protocol/limits.ts";

export interface Ahead {
  /** Runs a request that needs the model; what goes on ahead gives way to it, and nothing is begun while it lasts. */
  giveWay<T>(request: () => Promise<T>): Promise<T>;
  /** What to do some time after the requests that run now are answered; the last offer stands. Its end and its faults are told to nobody. */
  offer(work: (signal: AbortSignal) => Promise<void>): void;
}

export function createAhead(): Ahead {
  let requests = 0;
  let offered: ((signal: AbortSignal) => Promise<void>) | undefined;
  let stop: AbortController | undefined;
  let pause: NodeJS.Timeout | undefined;

  function begin(): void {
    const work = offered;
    if (work === undefined) return;
    offered = undefined;
    stop = new AbortController();
    // Whatever is wrong here is told when somebody asks for those planes.
    work(stop.signal).catch(() => undefined);
  }

  return {
    async giveWay(request) {
      requests++;
      offered = undefined;
      stop?.abort();
      clearTimeout(pause);
      try {
        return await request();
      } finally {
        requests--;
        // A server that has nothing else to do may end.
        if (requests === 0) pause = setTimeout(begin, limits.encodeAheadPauseMs).unref();
      }
    },
    offer: (work) => { offered = work; },
  };
}
