// The Python that runs the official network: one named by MASKLET_PARITY_PYTHON, else a virtual environment of its own in
// .cache, made once from pinned requirements.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Measured 5.7 GB: torch's own package for Linux brings the CUDA libraries, which are not used; and pip unpacks beside it. */
const NEEDED_BYTES = 12e9;
/** sam2's setup asks for a compiler and CUDA otherwise; hole filling, the only user of that part, is off in the reference. */
const WITHOUT_CUDA = { SAM2_BUILD_CUDA: "0" };

/** One that is there already. */
export function existingParityPython(): string | undefined {
  const folder = join(root, ".cache", "parity-env");
  return process.env["MASKLET_PARITY_PYTHON"] || (existsSync(join(folder, "complete")) ? join(folder, "bin", "python") : undefined);
}

/** @returns the path of a Python that can import the official network; says why in words, and exits, when there can be none */
export function parityPython(): string {
  const named = process.env["MASKLET_PARITY_PYTHON"];
  if (named) return named;
  const folder = join(root, ".cache", "parity-env");
  const [python, done] = [join(folder, "bin", "python"), join(folder, "complete")];
  if (existsSync(done)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < NEEDED_BYTES) giveUp(`Making .cache/parity-env needs ${NEEDED_BYTES / 1e9} GB of disk, and ${(bavail * bsize / 1e9).toFixed(1)} GB are free.`);
  process.stderr.write("Making the reference's Python environment in .cache/parity-env (once; downloads about 3 GB) ...\n");
  run(process.env["PYTHON"] ?? "python3", ["-m", "venv", folder]);
  const requirements = join(root, "fixtures/make/sam2/requirements.txt");
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "sam2==1.1.0"]);
  run(python, ["-c", "import sam2.sam2_video_predictor, pathlib, sys; pathlib.Path(sys.argv[1]).touch()", done]);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...WITHOUT_CUDA } });
  if (status !== 0) giveUp(`The reference needs Python 3.11 or newer with venv (PYTHON may name one): ${command} ${args.join(" ")} failed${error ? `, ${error.message}` : ""}.`);
}

function giveUp(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(4);
}
