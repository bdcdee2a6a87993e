// A tracker whose work is done in the model host. It remembers what was prompted and found, so that a new child can go on
// exactly where a lost one was.
import { MaskletError } from "#protocol/errors.ts";
import type { OneWay, PromptParts, Watch } from "#protocol/types.ts";
import type { Trace } from "../restorable.ts";
import type { Candidate, Step, Tracker, View } from "../tracker.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Request } from "./messages.ts";

/** A Tracker whose slow calls can be cancelled: at once, though a graph that runs already is run to its end. */
export interface HostTracker extends Tracker {
  step(view: View, index: number, direction: OneWay, watch?: Watch): Promise<Step>;
  candidates(view: View, index: number, watch?: Watch): Promise<readonly Candidate[]>;
}

/** @throws what opening it in the child throws */
export async function openRemoteTracker(connection: Connection, tracker: number, model: string): Promise<HostTracker> {
  const prompts = new Map<number, PromptParts>();
  const traces = new Map<string, Trace>();
  let openIn = 0;

  async function open(watch?: Watch): Promise<void> {
    const child = connection.ensure();
    await connection.call({ method: "open", tracker, model, prompts: [...prompts], traces: [...traces.values()] }, watch?.signal);
    openIn = child;
  }

  async function ask(request: Request, watch?: Watch): Promise<Answer> {
    if (openIn !== connection.ensure()) await open(watch);
    return connection.call(request, watch?.signal);
  }

  function dropTraces(drops: (index: number) => boolean): void {
    for (const [key, trace] of traces) if (drops(trace.index)) traces.delete(key);
  }

  await open();
  return {
    async setPrompt(index, prompt) {
      await ask({ method: "setPrompt", tracker, index, prompt });
      prompts.set(index, prompt);
      dropTraces((at) => at === index);
    },
    async removePrompt(index) {
      await ask({ method: "removePrompt", tracker, index });
      if (prompts.delete(index)) dropTraces((at) => at === index);
    },
    async step(view, index, direction, watch) {
      const answer = await ask({ method: "step", tracker, view, index, direction }, watch);
      for (const trace of answer.traces ?? []) traces.set(`${trace.direction} ${trace.index}`, trace);
      if (answer.step === undefined) throw MaskletError.of("internal", { why: "the model process answered a step without one" });
      return answer.step;
    },
    async candidates(view, index, watch) {
      const answer = await ask({ method: "candidates", tracker, view, index }, watch);
      if (answer.candidates === undefined) throw MaskletError.of("internal", { why: "the model process answered without candidates" });
      return answer.candidates;
    },
    async forget(start, end) {
      await ask({ method: "forget", tracker, start, end });
      dropTraces((at) => at >= start && at < end);
    },
    async close() {
      prompts.clear();
      traces.clear();
      // In a child that has since gone, or goes now, there is nothing to close.
      if (connection.state() === "not-started" || openIn !== connection.ensure()) return;
      // Not waited for: its turn comes after a graph that runs, and whoever cancelled should be answered before.
      connection.post({ method: "close", tracker });
    },
  };
}
