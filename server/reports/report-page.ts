// A report as one HTML file: nothing is fetched, no script runs, and it prints.
import { readFile } from "node:fs/promises";
import type { Block, Cell, ColorKey, Picture, Report, Table } from "./contract.ts";
import { pageText } from "./page-text.ts";
import { letterFile, letterWeights } from "./plot-png.ts";

/** Plots keep their white ground in the dark: their colours are chosen for it. */
const style = `
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #555; --ground: #fff; --card: #f6f7f8; --line: #d5d9dd; --best: #0b6b43; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #aab0b6; --ground: #16181a; --card: #202326; --line: #3a3f44; --best: #5fd3a0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; background: var(--ground); color: var(--ink); font: 15px/1.45 "Source Sans 3", Helvetica, Arial, sans-serif; }
h1 { font-size: 26px; margin: 0 0 8px; overflow-wrap: anywhere; } h2 { font-size: 20px; margin: 32px 0 10px; border-bottom: 1px solid var(--line); padding-bottom: 4px; } h1, h2 { font-weight: 600; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 0; } dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(500px, 100%), 1fr)); gap: 18px; margin-bottom: 16px; }
figure { margin: 0; padding: 12px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; border-radius: 3px; }
figcaption { color: var(--soft); font-size: 13.5px; margin-top: 8px; }
.pictures { display: grid; gap: 12px; } .pictures figure { padding: 8px; } .pictures img { display: block; max-width: 100%; height: auto; margin: 0 auto; } .pictures figcaption b { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0 0 16px; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; } caption { text-align: left; color: var(--soft); padding: 4px 0; }
th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, td:first-child { text-align: left; } th { font-weight: 600; vertical-align: bottom; max-width: 18em; overflow-wrap: break-word; } td b { color: var(--best); }
details { margin-top: 6px; font-size: 13.5px; } summary { cursor: pointer; color: var(--soft); }
p { max-width: 80ch; } .key { white-space: nowrap; margin-left: 10px; } .key span { display: inline-block; width: 22px; height: 5px; margin-right: 5px; vertical-align: middle; outline: 1px solid #888; print-color-adjust: exact; }
@media (max-width: 700px) { .pictures { grid-template-columns: 1fr 1fr !important; } }
@media print { :root { --ink: #000; --soft: #444; --ground: #fff; --card: #fff; --line: #bbb; --best: #000; } body { max-width: none; padding: 0; font-size: 11px; } table, figcaption, details { font-size: 9px; } th, td { padding: 2px 5px; } .plots { grid-template-columns: 1fr 1fr; } details:not([open]) { display: none; } h2 { break-after: avoid; } * { print-color-adjust: exact; } }
`;

/** One document that opens from a disk. Text in it is what was given, never mark-up. Equal reports give equal bytes. */
export async function reportPage({ title, facts, sections }: Report): Promise<string> {
  const body = [
    `<header><h1>${pageText(title)}</h1><dl class="facts">${facts.map(([name, value]) => `<dt>${pageText(name)}</dt><dd>${pageText(value)}</dd>`).join("")}</dl></header>`,
    ...sections.map(({ heading, blocks }) => `<section><h2>${pageText(heading)}</h2>\n${blocksOf(blocks)}\n</section>`),
  ].join("\n");
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${pageText(title)}</title>
<link rel="icon" href="data:,"><style>${await letters()}${style}</style></head>
<body>
${body}
</body></html>
`;
}

async function letters(): Promise<string> {
  const faces = await Promise.all(letterWeights.map(async (weight) => `@font-face { font-family: "Source Sans 3"; font-weight: ${weight}; src: url(data:font/woff2;base64,${(await readFile(letterFile(weight))).toString("base64")}) format("woff2"); }\n`));
  return faces.join("");
}

/** Plots that follow each other share a grid. */
function blocksOf(blocks: readonly Block[]): string {
  const parts: string[] = [];
  for (let at = 0; at < blocks.length; at++) {
    if (blocks[at]!.kind !== "plot") {
      parts.push(blockOf(blocks[at]!));
      continue;
    }
    const first = at;
    while (blocks[at + 1]?.kind === "plot") at++;
    parts.push(`<div class="plots">\n${blocks.slice(first, at + 1).map(blockOf).join("\n")}\n</div>`);
  }
  return parts.join("\n");
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case "text": return `<p>${pageText(block.text)}</p>`;
    case "table": return block.folded === true ? folded(block.table) : tableOf(block.table);
    case "plot": return `<figure>${block.svg}<figcaption>${pageText(block.plot.caption)}</figcaption>${folded(block.plot.table)}</figure>`;
    case "pictures": return `<p>${pageText(block.caption)}${keyOf(block.key ?? [])}</p>\n<div class="pictures" style="grid-template-columns: repeat(${block.columns}, minmax(0, 1fr))">\n${block.pictures.map(pictureOf).join("\n")}\n</div>`;
  }
}

function keyOf(key: readonly ColorKey[]): string {
  return key.map(({ color, text }) => ` <span class="key"><span style="background: rgb(${color.join(", ")})"></span>${pageText(text)}</span>`).join("");
}

function pictureOf({ title, alt, width, height, png, numbers = [] }: Picture): string {
  const listed = numbers.map(([name, value]) => `${pageText(name)}&nbsp;${pageText(value)}`).join(" · ");
  return `<figure><img src="data:image/png;base64,${Buffer.from(png).toString("base64")}" width="${width}" height="${height}" alt="${pageText(alt)}"><figcaption><b>${pageText(title)}</b>${listed === "" ? "" : `<br>${listed}`}</figcaption></figure>`;
}

function folded(table: Table): string {
  return `<details><summary>Numbers: ${pageText(table.caption)}</summary>${tableOf(table)}</details>`;
}

function tableOf({ caption, columns, rows }: Table): string {
  const cell = (value: string | Cell): string => (typeof value === "string" ? pageText(value) : value.best === true ? `<b>${pageText(value.text)}</b>` : pageText(value.text));
  const body = rows.map(([first = "", ...others]) => `<tr><th scope="row">${cell(first)}</th>${others.map((value) => `<td>${cell(value)}</td>`).join("")}</tr>`).join("\n");
  return `<div class="scroll"><table><caption>${pageText(caption)}</caption><thead><tr>${columns.map((column) => `<th scope="col">${pageText(column)}</th>`).join("")}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}
