// What the model host needs of a network, whatever its family.
import type { Watch } from "#protocol/types.ts";
import type { RestorableTracker } from "./restorable.ts";
import type { GraphOptions } from "./runtime/session.ts";
import type { ClickMask, ClicksRequest, View } from "./tracker.ts";

/** What an encoder said about one view; its layout is the network's own. */
export type Embedding = Float32Array;

export type NetworkOptions = Omit<GraphOptions, "model">;

export interface Network {
  /** Equal hashes promise equal answers. */
  readonly hash: string;
  /** Part of an embedding's key: changes whenever views are turned into other numbers. */
  readonly inputVersion: string;
  /** Lines for the log from opening. */
  readonly notes: readonly string[];
  /** The slow part. @throws shape_invalid, model_failed, also when the pixels were not numbers */
  encode(view: View): Promise<Embedding>;
  /** @param encode may answer from a cache */
  createTracker(encode: (view: View) => Promise<Embedding>): RestorableTracker;
  /** In the order of the points. @throws model_failed, cancelled */
  clicks(embedding: Embedding, view: View, request: ClicksRequest, watch?: Watch): Promise<readonly ClickMask[]>;
  close(): Promise<void>;
}
