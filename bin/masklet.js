#!/usr/bin/env node
// The command `masklet`: compiled code where the package is installed, the sources themselves in a checkout.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("../server/cli/main.ts", import.meta.url));
if (!existsSync(sources)) {
  await import("../dist/server/cli/main.js");
} else {
  // The Node of the dependencies runs TypeScript as written; an older one on the path would not.
  const node = fileURLToPath(new URL(`../node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`, import.meta.url));
  const child = spawn(existsSync(node) ? node : process.execPath, [sources, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
}
