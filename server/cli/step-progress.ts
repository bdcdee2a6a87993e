// How far a recipe is: a bar for each step, with how fast it goes.
import type { ClassicalProgress } from "#server/classical/contract.ts";
import type { Terminal } from "./terminal.ts";

/** A bar is redrawn at most this often. */
const redrawMs = 100;

/** @param nowMs any clock */
export function stepProgress(terminal: Terminal, nowMs: () => number): (progress: ClassicalProgress) => void {
  const at = { step: "", beganMs: 0, drawnMs: -Infinity, from: 0, show: terminal.progress("") };
  return ({ done, total, unit, step }) => {
    const now = nowMs();
    if (step !== at.step) Object.assign(at, { step, beganMs: now, drawnMs: -Infinity, from: done, show: terminal.progress(step) });
    if (done < total && now - at.drawnMs < redrawMs) return;
    at.drawnMs = now;
    const seconds = (now - at.beganMs) / 1000;
    at.show({ done, total, unit, ...(seconds > 0 && done > at.from ? { perSecond: (done - at.from) / seconds } : {}) });
  };
}
