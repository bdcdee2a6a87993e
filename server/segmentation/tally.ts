// What a run has told so far: masks, ends, and how many planes it has behind it.
import type { Direction, End, EndReason, Mask } from "#protocol/types.ts";
import type { PropagateEvents } from "./contract.ts";
import type { Front, Gap } from "./gap.ts";
import { isEntered, type Lane } from "./lane.ts";

export interface Tally {
  mask(mask: Mask): Promise<void>;
  end(lane: Lane, front: Pick<Front, "direction" | "last">, reason: EndReason): void;
  /** A plane was looked at: of a gap, or a prompted one. */
  visited(gap?: Gap): void;
  /** All of the gap is behind, whatever was left out of it. */
  passed(gap: Gap): void;
  masks(): number;
  ends(): readonly End[];
}

export function createTally(lanes: readonly Lane[], direction: Direction, events: PropagateEvents): Tally {
  const total = lanes.reduce((sum, lane) => sum + planesToVisit(lane, direction), 0);
  const ends: End[] = [];
  /** A plane that one front lost the object on and the other then looked at counts once. */
  const inGap = new Map<Gap, number>();
  let masks = 0;
  let done = 0;
  const report = (): void => events.onProgress?.({ done: Math.min(total, done), total, unit: "planes" });
  const count = (gap: Gap, planes: number): void => {
    const before = inGap.get(gap) ?? 0;
    const now = Math.min(gap.end - gap.start, planes);
    inGap.set(gap, now);
    done += now - before;
    report();
  };
  return {
    async mask(mask) {
      masks++;
      await events.onMask(mask);
    },
    end({ objectId }, { direction: way, last }, reason) {
      const end = { objectId, direction: way, index: last, reason };
      ends.push(end);
      events.onEnd(end);
    },
    visited(gap) {
      if (gap !== undefined) return count(gap, (inGap.get(gap) ?? 0) + 1);
      done++;
      report();
    },
    passed: (gap) => count(gap, gap.end - gap.start),
    masks: () => masks,
    ends: () => ends,
  };
}

/** At most so many planes; objects that end early leave some out. */
function planesToVisit({ prompts, gaps }: Lane, direction: Direction): number {
  const entered = gaps.filter((gap) => isEntered(gap, direction));
  return prompts.filter(({ shown }) => shown).length + entered.reduce((sum, { start, end }) => sum + end - start, 0);
}
