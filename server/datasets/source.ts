// What a training set is made from: a volume, and something that knows which object each of its voxels belongs to.
import type { VolumeSource } from "#server/volumes/source.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import type { DatasetSource } from "./description.ts";

export interface MarkedVolume {
  readonly volume: VolumeSource;
  readonly frame: number;
  readonly channel: number;
  /** On the volume's grid. */
  readonly labels: LabelReader;
  /** The volume's file, when it is a single one; its hash is then what `sha256sum` says. */
  readonly file: string | undefined;
  readonly marks: Marks;
}

/** Where the objects came from; without a hash, that of the ids themselves is taken. */
export interface Marks {
  readonly name: string;
  readonly kind: NonNullable<NonNullable<DatasetSource["labels"]>["kind"]>;
  readonly sha256?: string | undefined;
}
