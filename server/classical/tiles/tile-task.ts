// What a thread is asked to do with one part of a volume, as data, and what it answers.
import type { BasinEdges, Rise } from "#server/classical/kernels/contract-basins.ts";
import type { HeightBins } from "#server/classical/kernels/basins.ts";
import type { Connectivity, Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";
import type { Bins } from "#server/classical/kernels/histogram.ts";
import type { Field } from "./field.ts";

export type TileTask =
  /** Least and greatest finite value of a field, and how many are not finite. */
  | { readonly kind: "extremes"; readonly box: Box3; readonly field: Field; readonly count: number }
  | { readonly kind: "histogram"; readonly box: Box3; readonly field: Field; readonly over?: Field | undefined; readonly bins: Bins }
  /** Histogram of the values that no neighbour (26) is above, among those above 0. */
  | { readonly kind: "summits"; readonly box: Box3; readonly field: Field; readonly bins: Bins }
  /** Median of each column of raw values over every `every`-th slice; the box has all slices. */
  | { readonly kind: "column-medians"; readonly box: Box3; readonly field: Field; readonly every: number }
  | { readonly kind: "write"; readonly box: Box3; readonly field: Field; readonly store: string }
  | ComponentsTask
  /** The same components again; those that the chunk's table has a 1 for are written, with `fill` beside what is no component; within the limits, if any. */
  | { readonly kind: "keep"; readonly of: ComponentsTask; readonly kept: Uint8Array; readonly store: string; readonly fill: boolean; readonly limits?: Field | undefined }
  | LevelTask
  /** Components again, those with a label written under it as small numbers of the chunk; levels do not meet. */
  | { readonly kind: "paint"; readonly box: Box3; readonly store: string; readonly levels: readonly { readonly inside: Field; readonly labels: Uint32Array }[] }
  | BasinsTask
  /** Squared distances within planes; the box has whole planes. */
  | { readonly kind: "plane-distances"; readonly box: Box3; readonly inside: Field; readonly spacing: Size3; readonly store: string }
  /** Finishes them along z and takes the root; the box has whole columns. */
  | { readonly kind: "column-distances"; readonly box: Box3; readonly of: Field; readonly spacing: Size3; readonly store: string }
  /** Labels of the volume as small numbers of the chunk, written; `labels` of the answer says which is which. */
  | { readonly kind: "rewrite"; readonly box: Box3; readonly labels: Field; readonly store: string }
  /** The values themselves. */
  | { readonly kind: "values"; readonly box: Box3; readonly field: Field };

export interface ComponentsTask {
  readonly kind: "components";
  readonly box: Box3;
  /** Voxels above 0 are inside. */
  readonly inside: Field;
  readonly connectivity: Connectivity;
  /** Where the chunk's own labels go, if anywhere. */
  readonly store?: string | undefined;
}

export type TaskOf<K extends TileTask["kind"]> = Extract<TileTask, { readonly kind: K }>;

/** Components of one threshold, 26-connected, and those of the threshold below that hold them. */
export interface LevelTask {
  readonly kind: "level";
  readonly box: Box3;
  readonly inside: Field;
  readonly below?: Field | undefined;
}

export interface BasinsTask {
  readonly kind: "basins";
  readonly box: Box3;
  readonly map: Field;
  readonly inside: Field;
  readonly seeds?: Field | undefined;
  readonly bins: HeightBins;
  /** By how much a part must rise, so that what certainly is none can be joined at once. */
  readonly rise: Rise;
  readonly store: string;
}

/** Labels of one chunk, numbered for themselves, and what is needed to join them to their neighbours'. */
export interface LabelPiece {
  readonly count: number;
  readonly voxels: Uint32Array;
  /** Index in the volume of the first voxel. */
  readonly first: Float64Array;
  /** In the volume; six numbers a label. */
  readonly bounds: Uint32Array;
}

export interface ComponentPiece extends LabelPiece {
  /** 1 for components with a value of 2. */
  readonly strong: Uint8Array;
  /** Labels of the chunk's last planes along z, y, x. */
  readonly upper: readonly [Uint32Array, Uint32Array, Uint32Array];
  /** Labels of the voxels before its first planes, which belong to other chunks: along z a plane of the block, then along y what is left, then along x. */
  readonly lower: readonly [Uint32Array, Uint32Array, Uint32Array];
}

export interface LevelPiece extends ComponentPiece {
  /** Sums over positions, nine a component, and voxel faces. */
  readonly moments: Float64Array;
  readonly faces: Float64Array;
  /** The chunk's own label of the component below; 0 = none. */
  readonly parent: Uint32Array;
}

export interface BasinPiece extends LabelPiece {
  readonly peak: Float32Array;
  /** Index in the volume of the peak, or of the voxel in another chunk that is climbed to. */
  readonly summit: Float64Array;
  /** 1 where the way leads into another chunk. */
  readonly leads: Uint8Array;
  readonly heights: Uint32Array;
  readonly seed: Uint32Array;
  /** Pairs of labels, from 1. A summit that is not known in this chunk is NaN among their names. */
  readonly edges: BasinEdges;
  /** Labels of the chunk's first and last planes along z, y, x. */
  readonly faces: { readonly lower: readonly Uint32Array[]; readonly upper: readonly Uint32Array[] };
  /** Saddles across the last planes along z, y, x; -Infinity where nothing goes on. */
  readonly seams: readonly Float32Array[];
}

/** Facts of labels of the volume in one chunk. */
export interface FactsAnswer extends LabelPiece {
  readonly labels: Uint32Array;
}
