// What a tracker keeps of the planes it has stepped, and for how long: the trackers and the parent of the model host hold it
// by the same rule, so that a tracker rebuilt from the parent's traces knows what the lost one knew.
import type { OneWay } from "#protocol/types.ts";
import type { Trace } from "./restorable.ts";

export interface KeptTraces<T extends Trace> {
  get(index: number, direction: OneWay): T | undefined;
  /**
   * @param prompted whether the trace's plane is prompted: such traces stay until they are dropped. Any other lets go of the
   * unprompted ones of its direction that lie farther behind it than the horizon
   */
  keep(trace: T, prompted: boolean): void;
  /** Of plane `index`, in either direction. */
  of(index: number): readonly T[];
  all(): readonly T[];
  drop(dropped: (index: number) => boolean): void;
}

/** @param horizon planes */
export function createKeptTraces<T extends Trace>(horizon: number): KeptTraces<T> {
  // Apart, because a plane between two prompts is found from either side.
  const kept: Record<OneWay, Map<number, { readonly trace: T; readonly prompted: boolean }>> = { forward: new Map(), backward: new Map() };
  return {
    get: (index, direction) => kept[direction].get(index)?.trace,
    keep(trace, prompted) {
      const { index, direction } = trace;
      const same = kept[direction];
      same.set(index, { trace, prompted });
      if (prompted) return;
      for (const [other, held] of same) {
        const behind = direction === "forward" ? index - other : other - index;
        if (behind > horizon && !held.prompted) same.delete(other);
      }
    },
    of: (index) => [kept.forward.get(index)?.trace, kept.backward.get(index)?.trace].filter((trace) => trace !== undefined),
    all: () => [...kept.forward.values(), ...kept.backward.values()].map((held) => held.trace),
    drop(dropped) {
      for (const same of [kept.forward, kept.backward]) for (const index of [...same.keys()]) if (dropped(index)) same.delete(index);
    },
  };
}
