// Trackers that note what they are asked, around any others: what a run costs, and in which order it goes.
import type { OneWay } from "#protocol/types.ts";
import type { TrackerSource, Window } from "#models/tracker.ts";

export interface Asked {
  readonly call: "step" | "recall";
  /** Counts trackers from 0, in the order they were opened. */
  readonly tracker: number;
  readonly index: number;
  readonly direction: OneWay;
  readonly window: Window;
}

export interface WatchedTrackers extends TrackerSource {
  readonly asked: readonly Asked[];
  /** Encoder runs of a model that keeps the last embedding and no other. */
  encoderRuns(): number;
  /** The most trackers that were open at one time. */
  mostOpen(): number;
}

export function watchedTrackers(inner: TrackerSource): WatchedTrackers {
  const asked: Asked[] = [];
  let opened = 0;
  let open = 0;
  let most = 0;
  let runs = 0;
  let last = "";
  const note = (one: Asked, key: string): void => {
    asked.push(one);
    if (key !== last) runs++;
    last = key;
  };
  return {
    ...inner,
    asked,
    encoderRuns: () => runs,
    mostOpen: () => most,
    async openTracker(model) {
      const tracker = opened++;
      most = Math.max(most, ++open);
      const made = await inner.openTracker(model);
      return {
        ...made,
        step(view, index, direction, watch) {
          note({ call: "step", tracker, index, direction, window: view.window }, view.key);
          return made.step(view, index, direction, watch);
        },
        recall(view, index, direction, mask, watch) {
          note({ call: "recall", tracker, index, direction, window: view.window }, view.key);
          return made.recall(view, index, direction, mask, watch);
        },
        async close() {
          open--;
          await made.close();
        },
      };
    },
  };
}
