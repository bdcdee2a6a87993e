// What JSON.parse lets pass, but a header from a stranger must not have: repeated names (the last would win) and deep nesting.
import { quoted } from "./tensor-values.ts";

/**
 * @param depth levels of objects and arrays allowed
 * @returns what is wrong with a text, undefined if nothing is; text that is not JSON is left to the parser
 */
export function checkJsonNesting(text: string, depth: number): string | undefined {
  /** Names of each open object, undefined for an open array. */
  const open: (Set<string> | undefined)[] = [];
  /** Whether a string that begins here is a name: after `{` and, in an object, after `,`. */
  let nameNext = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") {
      if (open.length === depth) return `is nested deeper than ${depth}`;
      open.push(char === "{" ? new Set() : undefined);
      nameNext = char === "{";
    } else if (char === "}" || char === "]") {
      open.pop();
      nameNext = false;
    } else if (char === ",") {
      nameNext = open.at(-1) !== undefined;
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (nameNext) {
        const names = open.at(-1);
        const name = unescaped(text.slice(at, end));
        if (names?.has(name)) return `names ${quoted(name)} twice`;
        names?.add(name);
        nameNext = false;
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** @param quoted a JSON string with its quotes; one that is malformed stands for itself, the parser will refuse it */
function unescaped(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

/** @returns the index after the closing quote, or the text's end */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return Math.min(at + 1, text.length);
}
