// The child's side: takes calls in order and runs one at a time, since a graph run uses every core anyway. Encoding
// ahead waits until nothing else does. Ends with its parent.
import { setImmediate as nextTurn } from "node:timers/promises";
import { MaskletError, asMaskletError } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import type { RestorableTracker } from "../restorable.ts";
import type { TrackerSource } from "../tracker.ts";
import { isToChild } from "./messages.ts";
import type { Answer, FromChild, HostSettings, Request, TrackerRequest } from "./messages.ts";

const ALIVE_MS = 1000;

export interface ServedModels extends TrackerSource {
  openTracker(model: string): Promise<RestorableTracker>;
}

/** Serves this process's IPC channel until it closes. */
export function serveModels(create: (settings: HostSettings, onLog: (line: string) => void) => ServedModels): void {
  const queue: { readonly id: number; readonly request: Request }[] = [];
  const trackers = new Map<number, RestorableTracker>();
  let models: ServedModels | undefined;
  let running: { readonly id: number; readonly abort: AbortController } | undefined;
  let draining = false;

  function tell(message: FromChild): void {
    if (!process.connected) return;
    // A parent that was killed is known first by a broken pipe: there is nobody left to work for.
    process.send?.(message, undefined, undefined, (error) => {
      if (error !== null) process.exit();
    });
  }

  async function drain(): Promise<void> {
    if (draining) return;
    draining = true;
    for (let next = takeNext(queue); next !== undefined; next = takeNext(queue)) {
      const { id, request } = next;
      const abort = new AbortController();
      running = { id, abort };
      try {
        tell({ t: "answer", id, answer: await answer(request, { signal: abort.signal }) });
      } catch (thrown) {
        tell({ t: "fault", id, fault: asMaskletError(thrown).toFault() });
      }
      running = undefined;
      // Lets cancels and calls that came during the run in before the next one is chosen.
      await nextTurn();
    }
    draining = false;
  }

  async function answer(request: Request, watch: Watch): Promise<Answer> {
    if (models === undefined) throw MaskletError.of("internal", { why: "the model process was called before it was started" });
    switch (request.method) {
      case "encodeAhead":
        await models.encodeAhead(request.model, request.view, watch);
        return {};
      case "clicks":
        return { clicks: await models.clicks(request.model, request.view, request.clicks, watch) };
      case "open": {
        const opened = await models.openTracker(request.model);
        for (const [index, prompt] of request.prompts) await opened.setPrompt(index, prompt);
        opened.restore(request.traces);
        trackers.set(request.tracker, opened);
        return { horizon: opened.horizon };
      }
    }
    const tracker = trackers.get(request.tracker);
    if (tracker === undefined) throw MaskletError.of("internal", { why: `tracker ${request.tracker} is not open` });
    return answerTracker(tracker, request, watch);
  }

  async function answerTracker(tracker: RestorableTracker, request: TrackerRequest, watch: Watch): Promise<Answer> {
    switch (request.method) {
      case "setPrompt":
        await tracker.setPrompt(request.index, request.prompt);
        return {};
      case "removePrompt":
        await tracker.removePrompt(request.index);
        return {};
      case "step":
        return { step: await tracker.step(request.view, request.index, request.direction, watch), traces: tracker.traces(request.index) };
      case "candidates":
        return { candidates: await tracker.candidates(request.view, request.index, watch) };
      case "recall":
        await tracker.recall(request.view, request.index, request.direction, request.mask, watch);
        return { traces: tracker.traces(request.index) };
      case "forget":
        await tracker.forget(request.start, request.end);
        return {};
      case "close":
        trackers.delete(request.tracker);
        await tracker.close();
        return {};
    }
  }

  process.on("message", (message) => {
    if (!isToChild(message)) return;
    if (message.t === "start") {
      models = create(message.settings, (line) => tell({ t: "log", line }));
      tell({ t: "ready" });
    } else if (message.t === "call") {
      queue.push({ id: message.id, request: message.request });
      void drain();
    } else {
      if (running?.id === message.id) running.abort.abort();
      const at = queue.findIndex((call) => call.id === message.id);
      if (at < 0) return;
      queue.splice(at, 1);
      tell({ t: "fault", id: message.id, fault: MaskletError.of("cancelled", {}).toFault() });
    }
  });
  // Without a parent nobody wants an answer; a graph run that is on its way ends first, then this is heard.
  process.on("disconnect", () => process.exit(0));
  // An interrupt typed into a terminal reaches the whole group; the parent decides when this process ends.
  process.on("SIGINT", () => {});
  setInterval(() => tell({ t: "alive" }), ALIVE_MS).unref();
}

function takeNext(queue: { readonly id: number; readonly request: Request }[]): { readonly id: number; readonly request: Request } | undefined {
  const urgent = queue.findIndex((call) => call.request.method !== "encodeAhead");
  return queue.splice(Math.max(0, urgent), 1)[0];
}
