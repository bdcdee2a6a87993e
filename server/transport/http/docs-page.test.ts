import assert from "node:assert/strict";
import test from "node:test";
import { openapiDocument } from "#protocol/schema.ts";
import { docsPage } from "./docs-page.ts";

test("every route and schema stands on the page, and every link leads somewhere on it", () => {
  const document = JSON.parse(JSON.stringify(openapiDocument()));
  const page = docsPage(document);
  for (const path of Object.keys(document.paths)) assert.ok(page.includes(`<code>${path}</code>`), path);
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
  for (const name of Object.keys(document.components.schemas)) assert.ok(ids.has(name), name);
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]!);
  assert.ok(links.length > 50);
  const parametersAndResponses = new Set([...Object.keys(document.components.parameters), ...Object.keys(document.components.responses)]);
  assert.deepEqual(links.filter((link) => !ids.has(link) && !parametersAndResponses.has(link)), []);
});

test("what the document says is text, never markup", () => {
  const page = docsPage({ info: { description: "<script>alert(1)</script>" }, paths: {}, components: { schemas: {} } });
  assert.ok(!page.includes("<script"));
});
