// Builds the Java programs of a folder once: their jars by Maven, their classes by javac, into .cache/<name>/<what they are made of>.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { tools } from "../tools.ts";

export interface Oracles {
  /** Runs a program's `main`, with flags for the virtual machine, and returns what it printed. @throws internal when it fails */
  readonly java: (main: string, args: readonly string[], stdin?: string, flags?: readonly string[]) => string;
}

export interface JavaPrograms {
  /** Where what was built lies, for what the programs would otherwise leave in a person's home. */
  readonly folder: string;
  readonly classPath: string;
}

const install = { java: tools.java, javac: tools.java, mvn: tools.mvn } as const;

/** @throws as prepareJava */
export function prepareOracles(): Oracles {
  const { folder, classPath } = prepareJava(new URL(".", import.meta.url), "oracles");
  return {
    java: (main, args, stdin = "", flags = []) => run("java", [...flags, "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", `-Duser.home=${folder}`, "-Xmx1g", "-cp", classPath, main, ...args], stdin),
  };
}

/** Seconds the first time (Maven Central is asked), milliseconds after. @param name of the folder in .cache @throws tool_missing, internal */
export function prepareJava(place: URL, name: string): JavaPrograms {
  const here = fileURLToPath(place);
  const cache = fileURLToPath(new URL(`../../.cache/${name}/`, import.meta.url));
  const sources = readdirSync(here).filter((file) => file.endsWith(".java")).sort();
  const hash = createHash("sha256");
  for (const file of ["pom.xml", ...sources]) hash.update(file).update(readFileSync(join(here, file)));
  const built = join(cache, hash.digest("hex").slice(0, 16));
  if (!existsSync(built)) build(here, cache, built, sources);
  return { folder: built, classPath: [join(built, "classes"), join(built, "jars", "*")].join(process.platform === "win32" ? ";" : ":") };
}

/** Test files run side by side: each builds in a folder of its own, and the first to be ready gives it its name. */
function build(here: string, cache: string, target: string, sources: readonly string[]): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "building-"));
  const jars = join(folder, "jars");
  try {
    run("mvn", ["-q", "-B", "-f", join(here, "pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${jars}`, "-DincludeScope=runtime"], "");
    const files = sources.map((name) => join(here, name));
    run("javac", ["-nowarn", "-encoding", "UTF-8", "-cp", join(jars, "*"), "-d", join(folder, "classes"), ...files], "");
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(tool: keyof typeof install, args: readonly string[], input: string): string {
  const done = spawnSync(tool, args, { input, encoding: "utf8", maxBuffer: 512 * 1024 * 1024, timeout: 300_000 });
  if (done.error !== undefined && "code" in done.error && done.error.code === "ENOENT") {
    throw MaskletError.of("tool_missing", { tool, install: install[tool] }, done.error);
  }
  if (done.status !== 0) {
    const why = `${tool} ${args.at(-1) ?? ""} ended with ${done.status ?? done.signal}: ${done.stderr || done.stdout}`;
    throw MaskletError.of("internal", { why }, done.error);
  }
  return done.stdout;
}
