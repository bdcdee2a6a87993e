// npm run check: what must hold before a change is sent, without running a model: types, generated files, the architecture.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const steps = [
  ["node_modules/typescript/bin/tsc", "-p", "."],
  ["scripts/generate-types.ts", "--check"],
  ["scripts/build-simd.ts", "--check"],
  ["--test", "test/architecture/architecture.test.ts"],
];
const failed = steps.filter((args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status !== 0);
process.exit(failed.length > 0 ? 1 : 0);
