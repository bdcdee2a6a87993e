// Compiles server/classical/kernels/simd/assembly to kernels.wasm beside it; with --check it only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = "server/classical/kernels/simd";
const compiled = new Map<string, Uint8Array>();
// No runtime and no collector: the code touches raw addresses only. Its memory is its own and grows.
const { error, stderr } = await asc.main(
  [`${folder}/assembly/index.ts`, "--baseDir", root, "--outFile", "kernels.wasm", "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert", "--initialMemory", "1"],
  {
    readFile: (name, base) => {
      try {
        return readFileSync(`${base}/${name}`, "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => void compiled.set(name, typeof contents === "string" ? Buffer.from(contents) : contents),
  },
);
const bytes = compiled.get("kernels.wasm");
const target = `${root}${folder}/kernels.wasm`;
if (error !== null || bytes === undefined) {
  process.stderr.write(stderr.toString());
  process.exitCode = 1;
} else if (!process.argv.includes("--check")) writeFileSync(target, bytes);
else if (!readFileSync(target).equals(bytes)) {
  console.error(`${folder}/kernels.wasm differs from its sources: run \`npm run fixtures\``);
  process.exitCode = 1;
}
