// The plots of a report as SVG and PNG files, and its pictures.
import type { Report } from "./contract.ts";
import { plotPng } from "./plot-png.ts";

export interface ReportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** One after the other, in the order of the page. */
export async function* reportFiles({ sections }: Report): AsyncGenerator<ReportFile> {
  for (const block of sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind === "plot") {
      yield { name: `${block.plot.name}.svg`, content: block.svg };
      yield { name: `${block.plot.name}.png`, content: await plotPng(block.svg) };
    } else if (block.kind === "pictures") {
      for (const { name, png } of block.pictures) yield { name: `${name}.png`, content: png };
    }
  }
}
