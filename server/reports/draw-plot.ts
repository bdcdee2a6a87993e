// A plot as SVG. Vega is loaded when the first plot is drawn, not when the server starts.
import { setImmediate as turn } from "node:timers/promises";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Watch } from "#protocol/types.ts";
import { pageText } from "./page-text.ts";
import type { Block, Plot } from "./contract.ts";
import { plotConfig } from "./plot-style.ts";

/**
 * A whole SVG document: white ground, no style sheet, no script, nothing from elsewhere. Marks with a description carry it as `<title>`,
 * which browsers show under the pointer. Equal plots give equal bytes.
 */
export async function drawPlot(plot: Plot): Promise<string> {
  const vega = await import("vega");
  const view = new vega.View(vega.parse({ padding: 8, ...plot.spec }, plotConfig), { renderer: "none", logLevel: vega.Error });
  try {
    return tidied(await view.toSVG(), plot);
  } finally {
    view.finalize();
  }
}

/** One after the other; between them others have their turn, as drawing takes a tenth of a second. @throws cancelled */
export async function drawPlots(plots: readonly Plot[], { signal }: Watch): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const plot of plots) {
    await turn();
    throwIfCancelled(signal);
    blocks.push({ kind: "plot", plot, svg: await drawPlot(plot) });
  }
  return blocks;
}

function tidied(svg: string, { name, title, alt }: Plot): string {
  const ids = new Map<string, string>();
  // Vega numbers clip paths over all plots of a process; a page holds several plots.
  const ownId = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `${name}-${ids.size + 1}`);
    return ids.get(id)!;
  };
  return svg
    .replace(/ (?:role|aria-roledescription|aria-hidden|pointer-events|stroke-miterlimit|class)="[^"]*"/g, "")
    .replace(/<(path|line|rect)([^>]*?) aria-label="([^"]*)"([^>]*?)\/>/g, "<$1$2$4><title>$3</title></$1>")
    .replace(/ aria-label="[^"]*"/g, "")
    .replace(/(\bid="|url\(#)((?:clip|gradient_)\d+)/g, (_, before: string, id: string) => before + ownId(id))
    .replace(/ (?:transform|d|x|y|x1|y1|x2|y2|width|height)="[^"]*"/g, (attribute) => attribute.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => String(Math.round(Number(digits) * 100) / 100)))
    .replace(/<svg ([^>]*)>/, (_, attributes: string) => `<svg ${attributes} role="img" aria-labelledby="${name}-title ${name}-alt"><title id="${name}-title">${pageText(title)}</title><desc id="${name}-alt">${pageText(alt)}</desc>`);
}
