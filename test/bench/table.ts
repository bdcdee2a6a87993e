// What a bench found, as a line of a Markdown table: medians with the span they were seen in, each beside its reference.
export interface Samples {
  readonly what: string;
  readonly values: readonly number[];
}

export interface Row {
  readonly bench: string;
  readonly unit: "ms" | "MiB/s" | "planes/s" | "MVx/s" | "MiB" | "%";
  readonly measured: Samples;
  /** The plain way to do the same, or the same without what the row is about, from the same run. */
  readonly reference?: Samples | undefined;
}

/** What a bench found that is no time: cells as they are printed. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Of what a bench is made: a name to ask for it by, and how it is run. */
export interface Bench {
  readonly name: string;
  /** Why it is left out where it was not asked for by its name; undefined when it need not be. */
  unready?(): string | undefined;
  run(options?: BenchOptions): Promise<readonly Row[] | Table | readonly Table[]>;
}

export interface BenchOptions {
  /** Sides of a network's input. */
  readonly imageSizes?: readonly number[] | undefined;
  /** Planes followed end to end. */
  readonly frames?: number | undefined;
  /** A folder of stacks with true labels. */
  readonly data?: string | undefined;
  /** Of cubes of voxels. */
  readonly side?: number | undefined;
  /** Beside `fds`. */
  readonly recipes?: readonly string[] | undefined;
  /** Ids of installed models. */
  readonly models?: readonly string[] | undefined;
  /** A checkpoint that stands for the embedded one. */
  readonly weights?: string | undefined;
  /** Of each group of volumes. */
  readonly objects?: number | undefined;
  /** Made scenes of each kind; 0 leaves them out. */
  readonly scenes?: number | undefined;
  /** Of each box; 0 leaves them out. */
  readonly corrections?: number | undefined;
  /** A file for scores. */
  readonly write?: string | undefined;
  /** A folder for pictures. */
  readonly gallery?: string | undefined;
}

/** What a bench found, parted into the two kinds. */
export function partedFindings(found: readonly Row[] | Table | readonly Table[]): { readonly rows: readonly Row[]; readonly tables: readonly Table[] } {
  const all: readonly (Row | Table)[] = "lines" in found ? [found] : found;
  return { rows: all.filter((one) => "unit" in one), tables: all.filter((one) => "lines" in one) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between the two nearest values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ bench, unit, measured, reference }) => [
    bench, measured.what, spoken(measured, unit), reference?.what ?? "", reference === undefined ? "" : spoken(reference, unit),
    reference === undefined ? "" : `${short(median(measured.values) / median(reference.values))} x`,
  ]);
  const head = ["bench", "measured", "median (min - max), n", "beside", "median (min - max), n", "ratio"];
  return tableText(head, lines);
}

export function tableText(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function spoken({ values }: Samples, unit: Row["unit"]): string {
  const span = values.length > 1 ? ` (${short(Math.min(...values))} - ${short(Math.max(...values))})` : "";
  return `${short(median(values))} ${unit}${span}, ${values.length}`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Milliseconds that `work` takes, and what it gives. */
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}
