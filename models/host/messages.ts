// What the server's process and the model host's say to each other, over the IPC channel with structured cloning.
import type { Raster } from "#protocol/mask.ts";
import type { Fault, OneWay, PromptParts } from "#protocol/types.ts";
import type { Trace } from "../restorable.ts";
import type { Provider } from "../runtime/session.ts";
import type { Candidate, ClickMask, ClicksRequest, Step, View } from "../tracker.ts";

export interface HostSettings {
  /** MASKLET_HOME: models and embeddings lie under it. */
  readonly home: string;
  readonly threads?: number | undefined;
  readonly provider?: Provider | undefined;
}

/** Trackers are named by numbers that the parent gives out. */
export type Request =
  | { readonly method: "open"; readonly tracker: number; readonly model: string; readonly prompts: readonly (readonly [number, PromptParts])[]; readonly traces: readonly Trace[] }
  | { readonly method: "setPrompt"; readonly tracker: number; readonly index: number; readonly prompt: PromptParts }
  | { readonly method: "removePrompt"; readonly tracker: number; readonly index: number }
  | { readonly method: "step"; readonly tracker: number; readonly view: View; readonly index: number; readonly direction: OneWay }
  | { readonly method: "candidates"; readonly tracker: number; readonly view: View; readonly index: number }
  | { readonly method: "recall"; readonly tracker: number; readonly view: View; readonly index: number; readonly direction: OneWay; readonly mask: Raster }
  | { readonly method: "forget"; readonly tracker: number; readonly start: number; readonly end: number }
  | { readonly method: "close"; readonly tracker: number }
  | { readonly method: "clicks"; readonly model: string; readonly view: View; readonly clicks: ClicksRequest }
  | { readonly method: "encodeAhead"; readonly model: string; readonly view: View };

/** Those of an open tracker. */
export type TrackerRequest = Exclude<Request, { method: "open" | "clicks" | "encodeAhead" }>;

/** What a request brought, where it brings anything. */
export interface Answer {
  readonly step?: Step;
  /** After opening: see RestorableTracker. */
  readonly horizon?: number;
  /** After a step or a recall: what the tracker keeps of that plane. */
  readonly traces?: readonly Trace[];
  readonly candidates?: readonly Candidate[];
  readonly clicks?: readonly ClickMask[];
}

/** `start` comes first, once. A cancelled call that has not begun ends as `cancelled`; one that runs ends after its graph run, for nobody. */
export type ToChild =
  | { readonly t: "start"; readonly settings: HostSettings }
  | { readonly t: "call"; readonly id: number; readonly request: Request }
  | { readonly t: "cancel"; readonly id: number };

/** `alive` comes about once a second between graph runs, so that silence means something. */
export type FromChild =
  | { readonly t: "ready" }
  | { readonly t: "alive" }
  | { readonly t: "log"; readonly line: string }
  | { readonly t: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly t: "fault"; readonly id: number; readonly fault: Fault };

/** Both ends are ours and of one version: the tag is all that needs a look. */
export function isToChild(message: unknown): message is ToChild {
  return typeof message === "object" && message !== null && "t" in message && (message.t === "start" || message.t === "call" || message.t === "cancel");
}

export function isFromChild(message: unknown): message is FromChild {
  return typeof message === "object" && message !== null && "t" in message && typeof message.t === "string" && ["ready", "alive", "log", "answer", "fault"].includes(message.t);
}
