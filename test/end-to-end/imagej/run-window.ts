// The window harness in one ImageJ under its own display; its pictures are kept for people to look at.
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, imageJArguments, imageJHome, imageJJar, repository, runProgram } from "./java-tools.ts";

export interface WindowRun {
  readonly facts: Readonly<Record<string, string>>;
  readonly pictures: string;
  readonly output: string;
}

export async function runWindow(server: string, more: readonly "objects"[] = []): Promise<WindowRun> {
  const home = await imageJHome();
  const pictures = join(repository, ".cache", "imagej-pictures");
  await rm(pictures, { recursive: true, force: true }); // what an earlier run saw must not speak for this one
  await mkdir(pictures, { recursive: true });
  try {
    const harness = join(repository, "test", "end-to-end", "imagej", "WindowHarness.java");
    const java = ["java", ...imageJArguments(home.path, await imageJJar()), harness, server, pictures, ...more];
    const ran = await runProgram("xvfb-run", ["-a", "-s", "-screen 0 1100x800x24", "timeout", "170", ...java], { timeoutMs: 180_000 });
    const file = join(pictures, "facts.txt");
    const lines = (await exists(file)) ? (await readFile(file, "utf8")).trimEnd().split("\n") : [];
    const facts = Object.fromEntries(lines.map((line) => [line.split("\t", 1)[0]!, line.slice(line.indexOf("\t") + 1).replaceAll("\\n", "\n")]));
    return { facts, pictures, output: ran.output };
  } finally {
    await home.remove();
  }
}
