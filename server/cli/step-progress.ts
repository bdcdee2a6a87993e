// How far a recipe is: the bar of the command, under the name of the step that is being done.
import type { ClassicalProgress } from "#server/classical/contract.ts";
import type { Terminal } from "./terminal.ts";

/** A bar is redrawn at most this often. */
const redrawMs = 100;

/** @param nowMs any clock */
export function stepProgress(terminal: Terminal, nowMs: () => number): (progress: ClassicalProgress) => void {
  const at = { step: "", drawnMs: -Infinity, show: terminal.progress("") };
  return ({ done, total, unit, step }) => {
    if (step !== at.step) Object.assign(at, { step, drawnMs: -Infinity, show: terminal.progress(step) });
    const now = nowMs();
    if (done < total && now - at.drawnMs < redrawMs) return;
    at.drawnMs = now;
    at.show({ done, total, unit });
  };
}
