import type { Model } from "#protocol/types.ts";

/** A model on this machine whose files were found unchanged. */
export interface InstalledModel {
  readonly id: string;
  readonly family: Model["family"];
  readonly folder: string;
  /** Names the weights: changes whenever any file does. */
  readonly hash: string;
  /** Its weights say that they were drawn and not trained: its masks mean nothing. */
  readonly random?: boolean;
}
