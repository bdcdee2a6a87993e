// The window harness in one ImageJ under its own display; its pictures are kept for people to look at.
import { mkdir, readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { exists, imageJArguments, imageJHome, imageJJar, repository, runProgram } from "./java-tools.ts";

export interface WindowRun {
  readonly facts: Readonly<Record<string, string>>;
  readonly pictures: string;
  readonly output: string;
}

const pictureFolders = { WindowHarness: "imagej-pictures", ClassicalHarness: "imagej-classical-pictures", CommandsHarness: "imagej-commands-pictures", StartHarness: "imagej-start-pictures", GuideHarness: "imagej-guide-pictures", ScoreHarness: "imagej-score-pictures" } as const;

/** @param harness the class beside this file that acts; its further arguments are its own */
export async function runWindow(harness: keyof typeof pictureFolders, server: string, more: readonly string[] = [], env: Record<string, string> = {}): Promise<WindowRun> {
  const home = await imageJHome();
  const pictures = join(repository, ".cache", pictureFolders[harness]);
  await rm(pictures, { recursive: true, force: true }); // what an earlier run saw must not speak for this one
  await mkdir(pictures, { recursive: true });
  try {
    const ij = await imageJJar();
    const sources = ["Screen", harness].map((name) => join(repository, "test", "end-to-end", "imagej", `${name}.java`));
    const compiled = await runProgram("javac", ["-nowarn", "-cp", ij, "-d", join(home.path, "classes"), ...sources], { timeoutMs: 60_000 });
    if (compiled.code !== 0) throw MaskletError.of("internal", { why: `javac failed: ${compiled.output}` });
    const java = ["java", ...imageJArguments(home.path, `${ij}${delimiter}${join(home.path, "classes")}`), harness, server, pictures, ...more];
    // QUIT makes a Java that hangs say where each of its threads is.
    const ran = await runProgram("xvfb-run", ["-a", "-s", "-screen 0 1100x800x24", "timeout", "--signal=QUIT", "--kill-after=5", "160", ...java], { timeoutMs: 180_000, env });
    const file = join(pictures, "facts.txt");
    const lines = (await exists(file)) ? (await readFile(file, "utf8")).trimEnd().split("\n") : [];
    const facts = Object.fromEntries(lines.map((line) => [line.split("\t", 1)[0]!, line.slice(line.indexOf("\t") + 1).replaceAll("\\n", "\n")]));
    return { facts, pictures, output: ran.output };
  } finally {
    await home.remove();
  }
}
