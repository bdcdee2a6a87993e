// A tracker whose work is done in the model host. It remembers what was prompted and found, so that a new child can go on
// exactly where a lost one was.
import { MaskletError } from "#protocol/errors.ts";
import type { PromptParts, Watch } from "#protocol/types.ts";
import { createKeptTraces } from "../kept-traces.ts";
import type { KeptTraces } from "../kept-traces.ts";
import type { Trace } from "../restorable.ts";
import type { Tracker } from "../tracker.ts";
import type { Connection } from "./connection.ts";
import type { Answer, Request } from "./messages.ts";

/**
 * A tracker whose slow calls can be cancelled: at once, though a graph that runs already is run to its end. It holds the
 * prompts, the traces of prompted planes and those within the tracker's horizon, however many planes are walked.
 * @throws what opening it in the child throws
 */
export async function openRemoteTracker(connection: Connection, tracker: number, model: string): Promise<Tracker> {
  const prompts = new Map<number, PromptParts>();
  let traces: KeptTraces<Trace> | undefined;
  let openIn = 0;

  async function open(watch?: Watch): Promise<void> {
    const child = connection.ensure();
    const { horizon } = await connection.call({ method: "open", tracker, model, prompts: [...prompts], traces: traces?.all() ?? [] }, watch?.signal);
    if (horizon === undefined) throw MaskletError.of("internal", { why: "the model process opened a tracker without a horizon" });
    traces ??= createKeptTraces(horizon);
    openIn = child;
  }

  async function ask(request: Request, watch?: Watch): Promise<Answer> {
    if (openIn !== connection.ensure()) await open(watch);
    return connection.call(request, watch?.signal);
  }

  function keep(found: readonly Trace[] | undefined): void {
    for (const trace of found ?? []) traces?.keep(trace, prompts.has(trace.index));
  }

  function drop(dropped: (index: number) => boolean): void {
    traces?.drop(dropped);
  }

  await open();
  return {
    async setPrompt(index, prompt) {
      await ask({ method: "setPrompt", tracker, index, prompt });
      prompts.set(index, prompt);
      drop((at) => at === index);
    },
    async removePrompt(index) {
      await ask({ method: "removePrompt", tracker, index });
      if (prompts.delete(index)) drop((at) => at === index);
    },
    async step(view, index, direction, watch) {
      const answer = await ask({ method: "step", tracker, view, index, direction }, watch);
      keep(answer.traces);
      if (answer.step === undefined) throw MaskletError.of("internal", { why: "the model process answered a step without one" });
      return answer.step;
    },
    async candidates(view, index, watch) {
      const answer = await ask({ method: "candidates", tracker, view, index }, watch);
      if (answer.candidates === undefined) throw MaskletError.of("internal", { why: "the model process answered without candidates" });
      return answer.candidates;
    },
    async recall(view, index, direction, mask, watch) {
      keep((await ask({ method: "recall", tracker, view, index, direction, mask }, watch)).traces);
    },
    async forget(start, end) {
      await ask({ method: "forget", tracker, start, end });
      drop((at) => at >= start && at < end);
    },
    async close() {
      prompts.clear();
      drop(() => true);
      // In a child that has since gone, or goes now, there is nothing to close.
      if (connection.state() === "not-started" || openIn !== connection.ensure()) return;
      // Not waited for: its turn comes after a graph that runs, and whoever cancelled should be answered before.
      connection.post({ method: "close", tracker });
    },
  };
}
