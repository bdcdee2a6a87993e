// Macros one after the other in one ImageJ with windows, under its own display: what comes after a failure counts too.
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { imageJArguments, imageJHome, imageJJar, repository, runProgram } from "./java-tools.ts";
import { macroHead, readTold } from "./run-macro.ts";

export interface Step {
  /** What the macro told, as in run-macro.ts. */
  readonly told: Readonly<Record<string, string>>;
  readonly finished: boolean;
  /** The lines it added to ImageJ's Log. */
  readonly log: readonly string[];
  /** Of the last command, as JSON. */
  readonly result: string;
  readonly seconds: number;
}

export interface StepsRun {
  readonly steps: readonly Step[];
  /** Whether ImageJ was alive after the last step. */
  readonly alive: boolean;
  readonly output: string;
}

/** `HOME` in a macro stands for ImageJ's folder. Failures are lines in the Log, not dialogs. */
export async function runSteps(macros: readonly string[], options: { readonly timeoutMs?: number } = {}): Promise<StepsRun> {
  const { timeoutMs = 120_000 } = options;
  const home = await imageJHome();
  try {
    const out = join(home.path, "steps");
    await mkdir(out);
    const told = (nth: number): string => join(out, `told-${nth}.txt`);
    for (const [nth, text] of macros.entries()) {
      await writeFile(join(out, `${nth}.ijm`), `${macroHead(told(nth))}${text.replaceAll("HOME", home.path)}\ntell("finished", "yes");\n`);
    }
    const ij = await imageJJar();
    const classes = join(home.path, "classes");
    const sources = ["Screen", "Steps"].map((name) => join(repository, "test", "end-to-end", "imagej", `${name}.java`));
    const compiled = await runProgram("javac", ["-nowarn", "-cp", ij, "-d", classes, ...sources], { timeoutMs: 60_000 });
    if (compiled.code !== 0) throw MaskletError.of("internal", { why: `javac failed: ${compiled.output}` });
    const java = ["java", ...imageJArguments(home.path, `${ij}${delimiter}${classes}`, ["-Dmasklet.nodialogs=true"]), "Steps", out];
    const ran = await runProgram("xvfb-run", ["-a", "-s", "-screen 0 1100x800x24", "timeout", String(timeoutMs / 1000 - 10), ...java], { timeoutMs });
    const facts = await readTold(join(out, "facts.txt"));
    const steps = await Promise.all(macros.map(async (_, nth): Promise<Step> => {
      const own = await readTold(told(nth));
      const log = (facts[`log.${nth}`] ?? "").split("\\n").filter((line) => line !== "");
      return { told: own, finished: own["finished"] === "yes", log, result: facts[`result.${nth}`] ?? "", seconds: Number(facts[`seconds.${nth}`]) };
    }));
    return { steps, alive: facts["finished"] === "yes", output: ran.output };
  } finally {
    await home.remove();
  }
}
