// Long work in steps: between them others have their turn, and a cancel is heard.
import { setImmediate as turn } from "node:timers/promises";
import { throwIfCancelled } from "#protocol/errors.ts";

/** A server that does this beside others answers within such a time. */
const mostMs = 20;

export class Pace {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Between two steps of work. @throws cancelled */
  async step(): Promise<void> {
    if (performance.now() - this.#since < mostMs) return;
    await turn();
    throwIfCancelled(this.#signal);
    this.#since = performance.now();
  }
}
