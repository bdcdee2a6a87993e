// The Python that has the classical peers: one named by MASKLET_CLASSICAL_PYTHON, else a virtual environment of its own in .cache, made once
// from pinned requirements.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @returns undefined, and says why, when there is none and none can be made: ours are measured alone then */
export function classicalPython(): string | undefined {
  const named = process.env["MASKLET_CLASSICAL_PYTHON"];
  if (named) return named;
  const folder = join(root, ".cache", "classical-env");
  const [python, done] = [join(folder, "bin", "python"), join(folder, "complete")];
  if (existsSync(done)) return python;
  process.stderr.write("Making the peers' Python environment in .cache/classical-env (once; about 0.5 GB) ...\n");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const requirements = join(root, "fixtures/make/classical/requirements.txt");
  const made = run(process.env["PYTHON"] ?? "python3", ["-m", "venv", folder]) && run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  if (!made) process.stderr.write("The peers are left out: that needs Python 3.11 or newer with venv (PYTHON may name one) and its package index.\n");
  else writeFileSync(done, "");
  return made ? python : undefined;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}
