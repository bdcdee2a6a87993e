// Pages of documentation say nothing that is not there: files, headings, and the tests that docs/faq.md names.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import test from "node:test";
import { catalogue } from "#protocol/errors.ts";
import { readPage, repository } from "./docs-page.ts";

const pages = globSync("**/*.md", { cwd: repository, exclude: (name) => ["node_modules", ".cache", "demo", "dist", "target"].includes(name) }).sort();

test("every link within the project leads to a file, and to a heading where it names one", () => {
  assert.ok(pages.includes("README.md") && pages.includes("docs/guide.md"));
  const broken: string[] = [];
  for (const page of pages) {
    for (const { target } of readPage(page).links) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = "", heading] = target.split("#");
      const path = file === "" ? page : posix.join(posix.dirname(page), decodeURI(file));
      if (!existsSync(join(repository, path)) || (heading !== undefined && !readPage(path).anchors.has(heading))) broken.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

/** The titles of the tests of a file; of a title with parts filled in, what stands between them. */
function titlesIn(path: string): string[] {
  const text = readFileSync(join(repository, path), "utf8");
  return path.endsWith(".java") ? [...text.matchAll(/@Test\s+public void (\w+)\(/g)].map((match) => match[1]!)
    : [...text.matchAll(/^\s*(?:test|it)\((["'`])(.+?)\1,/gm)].map((match) => match[2]!);
}

test("docs/faq.md names tests that exist, and answers every complaint", () => {
  const { text, links } = readPage("docs/faq.md");
  const named = links.filter(({ target }) => /\.(ts|java)$/.test(target));
  assert.ok(named.length > 40);
  assert.deepEqual(named.filter((link) => !titlesIn(posix.join("docs", link.target)).some((title) => title.includes(link.text))).map((link) => `${link.target}: ${link.text}`), []);
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| (complaint|limit|---)/.test(line)).map((line) => line.split(" | "));
  assert.ok(rows.length >= 35, `${rows.length} complaints`);
  const peers = text.split("\n## ").slice(1, -1);
  for (const peer of peers) assert.ok(peer.split("\n").filter((line) => line.startsWith("| ")).length >= 2 + 5, `${peer.split("\n")[0]} has fewer than five`);
  for (const [complaint, answer, ...more] of rows) {
    assert.deepEqual(more, [], complaint);
    assert.match(answer!, /\]\(/, `nothing is shown for: ${complaint}`);
  }
  assert.deepEqual(peers.filter((peer) => !peer.startsWith("NP-SAM")).flatMap((peer) => peer.split("\n").filter((line) => /^\| (?!complaint|---)/.test(line) && !/^\| [^|]*\(https:\/\/github\.com\/[^|]* \|/.test(line))), [], "a complaint has its link");
});

test("error codes that docs/troubleshooting.md explains are in the catalogue", () => {
  const codes = [...readPage("docs/troubleshooting.md").text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map((match) => match[1]!);
  assert.ok(codes.length >= 10);
  assert.deepEqual(codes.filter((code) => !Object.hasOwn(catalogue, code)), []);
});

test("docs/guide.md names every command of the plugin's menu, and no other", () => {
  const menu = [...readFileSync(join(repository, "client-fiji/src/main/resources/plugins.config"), "utf8").matchAll(/"(Masklet [^"]+)"/g)].map((match) => match[1]!);
  const named = new Set([...readPage("docs/guide.md").text.matchAll(/\*\*(Masklet [^*]+)\*\*/g)].map((match) => match[1]!));
  assert.deepEqual([...named].sort(), menu.filter((label) => !["Masklet Disconnect", "Masklet About"].includes(label)).sort());
});

test("pictures are shown with words, and none lies about unused", () => {
  const shown = pages.flatMap((page) => [...readPage(page).text.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words, file]) => ({ words: words!, path: posix.join(posix.dirname(page), file!) })));
  assert.deepEqual(shown.filter(({ words }) => words.length < 10).map(({ path }) => path), []);
  assert.deepEqual(globSync("docs/*.png", { cwd: repository }).filter((path) => !shown.some((picture) => picture.path === path)), []);
});
