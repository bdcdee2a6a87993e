// A page of documentation as its parts: headings, links and blocks of code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface CodeBlock {
  /** The heading it stands under. */
  readonly section: string;
  /** As the fence names it; empty for one that names none. */
  readonly language: string;
  readonly text: string;
}

export interface Link {
  readonly text: string;
  readonly target: string;
}

export interface Page {
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** As addresses within the page. */
  readonly anchors: ReadonlySet<string>;
  /** Outside of code. */
  readonly links: readonly Link[];
}

/** @param path from the checkout's root */
export function readPage(path: string): Page {
  const text = readFileSync(join(repository, path), "utf8");
  const blocks: CodeBlock[] = [];
  const anchors = new Set<string>();
  const prose: string[] = [];
  let section = "";
  let fence: { language: string; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const mark = /^ *```(\w*)/.exec(line);
    if (fence !== undefined) {
      if (mark === null) fence.lines.push(line);
      else {
        blocks.push({ section, language: fence.language, text: `${fence.lines.join("\n")}\n` });
        fence = undefined;
      }
    } else if (mark !== null) fence = { language: mark[1]!, lines: [] };
    else {
      const heading = /^#+ +(.*)$/.exec(line)?.[1];
      if (heading !== undefined) anchors.add(slug((section = heading)));
      prose.push(line.replaceAll(/`[^`]*`/g, (code) => code.replaceAll(/[[\]()]/g, " ")));
    }
  }
  const links = [...prose.join("\n").matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map((match) => ({ text: match[1]!, target: match[2]! }));
  return { text, blocks, anchors, links };
}

/** As GitHub makes an address of a heading. */
function slug(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

/** What stands under a heading in one language, as one text: the blocks go on from one another. */
export function recipe({ blocks }: Page, section: string, language: string): string {
  return blocks.filter((block) => block.section === section && block.language === language).map((block) => block.text).join("\n");
}
