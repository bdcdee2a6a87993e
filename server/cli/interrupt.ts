// Ctrl-C, once or twice.
import type { EventEmitter } from "node:events";

/** A Ctrl-C in a terminal comes twice, from the terminal and from bin/masklet.js; a person's second one comes later than that. */
const sameMs = 1000;

/**
 * The signal fires with the first SIGINT or SIGTERM, after which the command ends in its own time. One that comes more than a second
 * later ends the process at once.
 * @param from `process`
 * @param nowMs any clock
 */
export function interruptSignal(from: Pick<EventEmitter, "on">, exit: (code: number) => void, nowMs: () => number): AbortSignal {
  const interrupt = new AbortController();
  let firstMs: number | undefined;
  const heard = (): void => {
    if (firstMs !== undefined && nowMs() - firstMs > sameMs) exit(130);
    firstMs ??= nowMs();
    interrupt.abort();
  };
  // Never `once`: without a listener the second would kill before what arrived is written.
  for (const name of ["SIGINT", "SIGTERM"] as const) from.on(name, heard);
  return interrupt.signal;
}
