// Whether an HTML page is what browsers need not mend, and whether it is all there.
import assert from "node:assert/strict";

const empty = new Set(["meta", "link", "br", "img"]);

/** Every element that is opened is closed in its turn, attributes are quoted and unique, and text holds no mark-up that was not meant. */
export function assertWellFormed(html: string): void {
  assert.ok(html.startsWith("<!DOCTYPE html>\n"));
  const open: string[] = [];
  let at = "<!DOCTYPE html>".length;
  while (at < html.length) {
    const next = html.indexOf("<", at);
    const text = html.slice(at, next === -1 ? undefined : next);
    if (open.at(-1) !== "style") assert.ok(!/[>]|&(?!(?:amp|lt|gt|quot|nbsp|#39);)/.test(text), `loose text in ${open.at(-1) ?? "the page"}: ${text.slice(0, 80)}`);
    if (next === -1) break;
    const end = html.indexOf(">", next);
    const tag = html.slice(next, end + 1);
    const [, closing, name, attributes, closed] = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*="[^"<>]*")*)\s*(\/?)>$/.exec(tag) ?? assert.fail(`not a tag: ${tag.slice(0, 120)}`);
    const names = [...attributes!.matchAll(/([a-zA-Z][a-zA-Z0-9:-]*)="/g)].map(([, each]) => each);
    assert.equal(new Set(names).size, names.length, tag.slice(0, 120));
    if (closing === "/") assert.equal(open.pop(), name, `closed by ${tag}`);
    else if (closed !== "/" && !empty.has(name!)) open.push(name!);
    at = end + 1;
  }
  assert.deepEqual(open, []);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, "an id twice");
}

/** Nothing is fetched and nothing runs: every address is data, or a place in the page. */
export function assertSelfContained(html: string): void {
  assert.ok(!/<(?:script|iframe|object|embed|base|form)\b/i.test(html));
  assert.ok(!/\son[a-z]+="/i.test(html));
  assert.ok(!/@import|http-equiv/i.test(html));
  for (const [whole, address] of html.matchAll(/\b(?:src|href|xlink:href|srcset|action|poster|data)="([^"]*)"/g)) assert.ok(address!.startsWith("data:"), whole.slice(0, 80));
  for (const [whole, address] of html.matchAll(/url\(([^)]*)\)/g)) assert.ok(address!.startsWith("data:") || address!.startsWith("#"), whole.slice(0, 80));
  // SVG's own name spaces are names, and nothing else looks like an address.
  assert.deepEqual([...new Set([...html.matchAll(/https?:\/\/[^"'\s<)]*/g)].map(([address]) => address))].filter((address) => !address.startsWith("http://www.w3.org/")), []);
}
