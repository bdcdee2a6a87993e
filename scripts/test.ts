// npm test: sets up what the tests need inside the checkout, runs them all, and lists what was missing.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasTool, isStrict, isTool, tools } from "../test/tools.ts";
import { ensureWeights } from "../test/weights.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function mustRun(title: string, command: string, args: readonly string[]): void {
  say(`- ${title}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

say("Setting up");
await ensureWeights();
const missing = Object.keys(tools).filter(isTool).filter((tool) => !hasTool(tool));
if (!missing.includes("javac") && !missing.includes("mvn")) {
  mustRun("building the Fiji client (client-fiji/target)", "mvn", ["-q", "-B", "-ntp", "-f", "client-fiji/pom.xml", "package"]);
}
mustRun("checking types", process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."]);
mustRun("checking generated files", process.execPath, ["scripts/generate-types.ts", "--check"]);
mustRun("checking compiled kernels", process.execPath, ["scripts/build-simd.ts", "--check"]);

const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : globSync("{protocol,models,training,server,client-typescript,fixtures,test}/**/*.test.ts").sort();
say(`Running ${files.length} test files`);
const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files], { stdio: "inherit" });

if (missing.length > 0) {
  say(`\nMissing, so the tests that need them were ${isStrict() ? "failed" : "skipped"}:`);
  for (const tool of missing) say(`  ${tool}: ${tools[tool]}`);
}
process.exit(status === 0 && isStrict() && missing.length > 0 ? 4 : (status ?? 1));
