// Every step that a recipe may have.
import { cut, distance, grow } from "./base-steps.ts";
import { denoise, enhance, flatten, gradient, polarity, rings } from "./grey-steps.ts";
import { iterate } from "./iterate.ts";
import { components, expand, openObjects, select } from "./label-steps.ts";
import { aboveMean, background, close, dilate, drop, erode, fill, open } from "./mask-steps.ts";
import { split } from "./split.ts";
import type { Step } from "./step.ts";
import { localThreshold, threshold } from "./threshold.ts";

export const steps: readonly Step[] = [
  rings, denoise, flatten, polarity, enhance, gradient, threshold, localThreshold, aboveMean, erode, dilate, open, close, fill, background, drop,
  distance, cut, split, components, iterate, grow, openObjects, expand, select,
];

export function stepNamed(name: string): Step | undefined {
  return steps.find(({ step }) => step === name);
}

export function stepNames(): string[] {
  return steps.map(({ step }) => step);
}
