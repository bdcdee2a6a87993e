// The Python that trains: one with everything in it, wherever it is, or an environment of its own under MASKLET_HOME.
import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { makeFolder } from "#protocol/make-folder.ts";
import { runProgram } from "./run-program.ts";

/** What the Python files here import. */
const modules = ["torch", "sam2", "numpy", "tifffile", "safetensors", "matplotlib"];
/** The pinned packages have wheels for these. */
const oldest = 11;
const newest = 13;

export interface Python {
  readonly command: string;
  /** 3.`minor` */
  readonly minor: number;
  readonly missing: readonly string[];
}

export const installCommand = "masklet finetune --install";

export function environmentFolder(home: string): string {
  return join(home, "finetune-env");
}

/** In a complete environment. */
export function environmentPython(home: string): string {
  const folder = environmentFolder(home);
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Written last, so that an installation that was interrupted is no environment. */
export function completeMark(home: string): string {
  return join(environmentFolder(home), "complete");
}

/**
 * The first that has everything: MASKLET_PYTHON, else the environment; python3 when none is named.
 * @throws tool_missing with the command that helps, cancelled
 */
export async function trainingPython(home: string, named: string | undefined, signal?: AbortSignal): Promise<string> {
  const own = existsSync(completeMark(home)) ? [environmentPython(home)] : [];
  const looked = await lookAt([...(named === undefined ? [] : [named]), ...own, ...(named === undefined ? [systemPython] : [])], signal);
  const whole = looked.find(({ missing }) => missing.length === 0);
  if (whole !== undefined) return whole.command;
  if (looked.length === 0) throw noPython(named);
  const { missing } = looked[0]!;
  throw MaskletError.of("tool_missing", { tool: `What trains networks (${missing.join(", ")} for ${looked[0]!.command})`, install: `run \`${installCommand}\`, which makes an environment of its own in ${environmentFolder(home)}` });
}

/** One that can make the environment. @throws tool_missing, cancelled */
export async function makingPython(named: string | undefined, signal?: AbortSignal): Promise<string> {
  const looked = await lookAt(named === undefined ? [systemPython, ...numbered] : [named], signal);
  const fit = looked.find(({ minor }) => minor >= oldest && minor <= newest);
  if (fit !== undefined) return fit.command;
  if (looked.length === 0) throw noPython(named);
  throw MaskletError.of("tool_missing", { tool: `A Python between 3.${oldest} and 3.${newest} (there is 3.${looked[0]!.minor})`, install: `get one from python.org or your system's packages, and name it: MASKLET_PYTHON=/path/to/python ${installCommand}` });
}

const systemPython = process.platform === "win32" ? "python" : "python3";
const numbered = process.platform === "win32" ? [] : ["python3.13", "python3.12", "python3.11"];

function noPython(named: string | undefined): MaskletError {
  const tool = named === undefined ? `Python 3.${oldest} or newer` : `The Python that MASKLET_PYTHON names (${named})`;
  return MaskletError.of("tool_missing", { tool, install: `get Python 3.${oldest} to 3.${newest} from python.org or your system's packages (with venv; apt-get install python3-venv), then run \`${installCommand}\`` });
}

async function lookAt(commands: readonly string[], signal?: AbortSignal): Promise<Python[]> {
  const found: Python[] = [];
  for (const command of commands) {
    const python = await describePython(command, signal);
    if (python !== undefined) found.push(python);
  }
  return found;
}

/** @returns undefined when there is none, or it does not answer */
async function describePython(command: string, signal?: AbortSignal): Promise<Python | undefined> {
  // Looked for, not imported: torch alone takes seconds.
  const question = `import sys, importlib.util as u; print("masklet", sys.version_info[0], sys.version_info[1], *[m for m in ${JSON.stringify(modules)} if u.find_spec(m) is None])`;
  const { code, out } = await runProgram(command, ["-c", question], { signal });
  const [mark, major, minor, ...missing] = out.trim().split(/\s+/);
  return code === 0 && mark === "masklet" && major === "3" && Number.isInteger(Number(minor)) ? { command, minor: Number(minor), missing } : undefined;
}

/** @param free tests say how much there is. @throws disk_too_small */
export async function requireDisk(what: string, folder: string, needBytes: number, free: (folder: string) => number = freeBytes): Promise<void> {
  await makeFolder(folder);
  const haveBytes = free(folder);
  if (haveBytes < needBytes) throw MaskletError.of("disk_too_small", { what, folder, needBytes, haveBytes });
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
