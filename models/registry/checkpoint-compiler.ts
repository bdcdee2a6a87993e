// What the store needs of whatever turns a file of weights into graphs.
import type { Model, Watch } from "#protocol/types.ts";

export interface CompileOptions {
  /** Side of the network's input in pixels; default: what the checkpoint says of itself, else 1024. */
  readonly imageSize?: number | undefined;
  /** Round the linear layers of the image encoder to eight bits. */
  readonly int8: boolean;
}

/** A checkpoint that was found to fit; its tensors are not read yet. */
export interface OpenedCheckpoint {
  readonly family: Model["family"];
  readonly imageSize: number;
  /** What it would be without being asked for. */
  readonly defaultImageSize: number;
  readonly compilerVersion: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Writes the graphs into a folder. @throws weights_not_finite, checkpoint_invalid, disk_full, cancelled */
  compile(folder: string, sourceSha256: string, watch: Watch): Promise<void>;
  close(): Promise<void>;
}

/** @throws file_missing, file_unreadable, checkpoint_invalid, checkpoint_unsupported, checkpoint_mismatch, checkpoint_metadata, image_size_invalid */
export type OpenForCompiling = (path: string, options: CompileOptions) => Promise<OpenedCheckpoint>;
