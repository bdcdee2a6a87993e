// Programs that some tests need and npm cannot bring. Without one, its tests are skipped and the run lists it at the end;
// with MASKLET_STRICT=1 nothing is skipped, so the tests fail.
import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { completeMark, environmentPython } from "#training/environment.ts";

export const tools = {
  java: "apt-get install openjdk-17-jdk",
  javac: "apt-get install openjdk-17-jdk",
  mvn: "apt-get install maven",
  Xvfb: "apt-get install xvfb",
  "xvfb-run": "apt-get install xvfb",
  xauth: "apt-get install xauth",
  curl: "apt-get install curl",
  python3: "apt-get install python3",
} as const;

export type Tool = keyof typeof tools;

export function hasTool(tool: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function isTool(name: string): name is Tool {
  return Object.hasOwn(tools, name);
}

export function isStrict(): boolean {
  return process.env["MASKLET_STRICT"] === "1";
}

/** For a test's `skip`: the reason when a tool is missing and the run is not strict. */
export function skipWithout(...needed: readonly Tool[]): string | false {
  const missing = needed.filter((tool) => !hasTool(tool));
  return missing.length > 0 && !isStrict() ? `needs ${missing.map((tool) => `${tool} (${tools[tool]})`).join(", ")}` : false;
}

/** The folder of real stacks with labels, or the reason to skip. In a strict run it is not demanded: it is data, not a tool. */
export function realData(): { folder: string; skip: false } | { folder: ""; skip: string } {
  const folder = process.env["MASKLET_REAL_DATA"];
  return folder ? { folder, skip: false } : { folder: "", skip: "MASKLET_REAL_DATA names no folder" };
}

/** A Python that can train, or the reason to skip. In a strict run it is not demanded: PyTorch is gigabytes, and no test installs it. */
export function trainingPython(): { python: string; skip: false } | { python: ""; skip: string } {
  const home = process.env["MASKLET_HOME"] || join(homedir(), ".masklet");
  const python = process.env["MASKLET_FINETUNE_PYTHON"] || (existsSync(completeMark(home)) ? environmentPython(home) : undefined);
  return python ? { python, skip: false } : { python: "", skip: "no Python with PyTorch: masklet finetune --install, or name one in MASKLET_FINETUNE_PYTHON" };
}
