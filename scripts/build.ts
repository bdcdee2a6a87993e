// Compiles the published package into dist/, with a package.json of its own that maps #protocol/x.ts to ./protocol/x.js.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
mkdirSync("dist/protocol", { recursive: true });
cpSync("protocol/openapi.yaml", "dist/protocol/openapi.yaml");
const imports = Object.fromEntries(["protocol", "models", "server"].map((part) => [`#${part}/*.ts`, `./${part}/*.js`]));
writeFileSync("dist/package.json", `${JSON.stringify({ type: "module", imports }, null, 2)}\n`);
