// How a description is written, and what an item's files are called.
import type { Dataset, DatasetItem } from "./description.ts";

/** One item a line: a set of thousands stays readable. */
export function datasetText({ items, sources, ...head }: Dataset): string {
  const lines = (values: readonly unknown[]): string => `[\n${values.map((value) => `    ${JSON.stringify(value)}`).join(",\n")}\n  ]`;
  const members = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${[...members, `  "sources": ${lines(sources)}`, `  "items": ${lines(items)}`].join(",\n")}\n}\n`;
}

export function filesOf(id: string): Pick<DatasetItem, "image" | "labels"> {
  return { image: `images/${id}.tif`, labels: `labels/${id}.tif` };
}
