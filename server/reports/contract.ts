// What a report is made of, and what is asked of the two kinds.
import type { DisplayRange, Schema } from "#protocol/types.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import type { Spec } from "vega";

/** Grey values behind the outlines, on the grid of the labels. */
export interface ReportImage extends Pick<ImageReader, "name" | "read"> {
  /** Values shown as black and white; without it 0.5 to 99.5 % of what the pictured planes hold. */
  readonly range?: DisplayRange | undefined;
}

export interface MeasureReportRequest {
  readonly title: string;
  readonly measures: Schema<"LabelMeasures">;
  /** The label image that was measured, the frame that is pictured. */
  readonly labels: LabelReader;
  readonly image?: ReportImage | undefined;
  /** Which frame `labels` is; 0 when left out. */
  readonly frame?: number | undefined;
}

export interface JudgedPrediction {
  readonly name: string;
  readonly labels: LabelReader;
  readonly evaluation: Schema<"Evaluation">;
}

export interface EvaluationReportRequest {
  readonly title: string;
  readonly truth: LabelReader;
  readonly image?: ReportImage | undefined;
  /** All judged against `truth`, in the order of the columns. */
  readonly predictions: readonly JudgedPrediction[];
}

/** Cells are text, not HTML. `best` is set in bold. */
export interface Cell {
  readonly text: string;
  readonly best?: boolean | undefined;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | Cell)[])[];
}

/** A plot before it is drawn. */
export interface Plot {
  /** Of its files, in kebab-case, unique in a report. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** What is to be seen, for those who cannot see it. */
  readonly alt: string;
  readonly spec: Spec;
  /** The numbers behind it. */
  readonly table: Table;
}

export interface Picture {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
  /** Name and value of what belongs to it. */
  readonly numbers?: readonly (readonly [string, string])[] | undefined;
}

/** What a colour of the pictures stands for. */
export interface ColorKey {
  readonly color: readonly [number, number, number];
  readonly text: string;
}

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "table"; readonly table: Table; readonly folded?: boolean }
  | { readonly kind: "plot"; readonly plot: Plot; readonly svg: string }
  | { readonly kind: "pictures"; readonly caption: string; readonly columns: number; readonly pictures: readonly Picture[]; readonly key?: readonly ColorKey[] };

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface Report {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly sections: readonly Section[];
}
