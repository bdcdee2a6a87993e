// Makes the Python environment that trains: torch is two gigabytes, so only when somebody asks, and after a look at the disk.
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { hasNvidiaDevice } from "#models/runtime/nvidia-device.ts";
import { completeMark, environmentFolder, environmentPython, makingPython, requireDisk } from "./environment.ts";
import { lastLine, runProgram } from "./run-program.ts";

/** With room to unpack beside the downloads. torch for Linux brings the CUDA libraries, unless it comes from the index of builds without them. */
const neededBytes = { cpu: 3.5e9, cuda: 12e9 } as const;
/** PyTorch's own list of builds without CUDA. */
const cpuIndex = "https://download.pytorch.org/whl/cpu";
const reachMs = 8000;
const sam2 = "sam2==1.1.0";

export interface InstallOptions {
  readonly home: string;
  /** MASKLET_PYTHON. */
  readonly named: string | undefined;
  readonly device: "auto" | "cpu" | "cuda";
  readonly signal?: AbortSignal | undefined;
  /** A line before each part. */
  readonly say: (text: string) => void;
  /** Tests say what is reachable, and how much room there is. */
  readonly canReach?: (address: string) => Promise<boolean>;
  readonly freeBytes?: (folder: string) => number;
}

/**
 * Anything half-made is removed, before and after.
 * @returns the environment's Python
 * @throws tool_missing, disk_too_small, install_failed, cancelled
 */
export async function installEnvironment(options: InstallOptions): Promise<string> {
  const { home, named, device, signal, say, canReach = reachable } = options;
  const maker = await makingPython(named, signal);
  const folder = environmentFolder(home);
  const python = environmentPython(home);
  const withoutCuda = process.platform === "linux" && (device === "cpu" || (device === "auto" && !hasNvidiaDevice())) && (await canReach(`${cpuIndex}/torch/`));
  const small = withoutCuda || process.platform !== "linux";
  await requireDisk("An environment with PyTorch", home, small ? neededBytes.cpu : neededBytes.cuda, options.freeBytes);
  const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
  const step = async (what: string, command: string, args: readonly string[]): Promise<void> => {
    say(what);
    // Without these, sam2's setup asks for a compiler and CUDA: its only part that needs them is not used here.
    const { code, err } = await runProgram(command, args, { signal, env: { SAM2_BUILD_CUDA: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" } });
    if (code !== 0) throw MaskletError.of("install_failed", { what: "The environment that trains networks", why: lastLine(err) });
  };
  const pip = (what: string, ...args: string[]) => step(what, python, ["-m", "pip", "install", "--quiet", "--no-input", ...args]);
  await rm(folder, { recursive: true, force: true });
  try {
    await step(`Making ${folder} with ${maker}`, maker, ["-m", "venv", folder]);
    if (withoutCuda) await pip("Installing PyTorch without CUDA (about 200 MB to download)", "--index-url", cpuIndex, ...(await pinsOf(requirements, ["torch", "torchvision"])));
    await pip(`Installing ${withoutCuda ? "the other packages" : `PyTorch and the other packages (${small ? "about 300 MB" : "about 3 GB"} to download)`}`, "-r", requirements);
    await pip("Installing the official SAM 2 classes", "--no-deps", "--no-build-isolation", sam2);
    await step("Trying them", python, ["-c", "import torch, sam2.modeling.sam2_base, tifffile, safetensors, matplotlib"]);
    await writeFile(completeMark(home), "");
    return python;
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}

/** The pinned versions of some packages, as pip takes them. */
async function pinsOf(requirements: string, names: readonly string[]): Promise<string[]> {
  const lines = (await readFile(requirements, "utf8")).split("\n");
  return names.map((name) => lines.find((line) => line.startsWith(`${name}==`)) ?? name);
}

async function reachable(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(reachMs) })).ok;
  } catch {
    // Whatever is in the way, pip's own settings know another.
    return false;
  }
}
