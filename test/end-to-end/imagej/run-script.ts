// A script with #@ parameters as Fiji runs it: SciJava's own jars and Groovy from Maven Central, beside a real ImageJ.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { imageJArguments, imageJHome, imageJJar, jar, repository, runProgram } from "./java-tools.ts";

const here = join(repository, "test", "end-to-end", "imagej", "scijava");
const cache = join(repository, ".cache");

/** The folder of jars; Maven Central is asked the first time. @throws internal with Maven's words */
async function scijavaJars(): Promise<string> {
  const target = join(cache, "scijava-2.99.3-groovy-4.0.28");
  if (existsSync(target)) return target;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "scijava-"));
  const ran = await runProgram("mvn", ["-q", "-B", "-f", join(here, "pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${folder}`, "-DincludeScope=runtime"], { timeoutMs: 300_000 });
  if (ran.code !== 0) throw MaskletError.of("internal", { why: `Maven could not fetch SciJava: ${ran.output.slice(-2000)}` });
  await rename(folder, target).catch((error: unknown) => {
    if (!existsSync(target)) throw error; // else another test was first
  });
  await rm(folder, { recursive: true, force: true });
  return target;
}

export interface ScriptRun {
  /** Each parameter as SciJava read it: name, type, label. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** SciJava logs what a script throws, and goes on. */
  readonly finished: boolean;
  readonly output: string;
}

export async function runScript(script: string, inputs: Readonly<Record<string, string>>, timeoutMs = 120_000): Promise<ScriptRun> {
  const home = await imageJHome();
  try {
    const ij = await imageJJar();
    const classPath = [join(home.path, "classes"), jar, ij, join(await scijavaJars(), "*")].join(delimiter);
    const compiled = await runProgram("javac", ["-nowarn", "-proc:none", "-cp", classPath, "-d", join(home.path, "classes"), join(here, "ScriptRun.java")], { timeoutMs: 60_000 });
    if (compiled.code !== 0) throw MaskletError.of("internal", { why: `javac failed: ${compiled.output}` });
    const given = Object.entries(inputs).map(([key, value]) => `${key}=${value}`);
    const java = ["java", ...imageJArguments(home.path, classPath, ["-Dmasklet.nodialogs=true"]), "ScriptRun", script, ...given];
    const ran = await runProgram("xvfb-run", ["-a", "timeout", String(timeoutMs / 1000 - 10), ...java], { timeoutMs });
    const told = (key: string): string[] => ran.output.split("\n").filter((line) => line.startsWith(`${key}\t`)).map((line) => line.slice(key.length + 1));
    return { inputs: told("input"), outputs: told("output"), finished: told("finished")[0] === "yes" && !ran.output.includes("[ERROR]"), output: ran.output };
  } finally {
    await home.remove();
  }
}
