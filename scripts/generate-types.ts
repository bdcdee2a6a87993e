// Writes protocol/generated/openapi.ts from protocol/openapi.yaml; with --check it only compares.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const source = new URL("../protocol/openapi.yaml", import.meta.url);
const target = new URL("../protocol/generated/openapi.ts", import.meta.url);
const bytes = ts.factory.createTypeReferenceNode("Uint8Array");
const ast = await openapiTS(source, {
  transform: (schema) => (schema.format === "binary" ? bytes : undefined),
});
const text = `// Generated from protocol/openapi.yaml by scripts/generate-types.ts. Do not edit.\n${astToString(ast)}`;
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error("protocol/generated/openapi.ts differs from openapi.yaml: run `npm run fixtures`");
  process.exitCode = 1;
}
