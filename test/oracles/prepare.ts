// Builds the Java oracles once: their jars by Maven, their classes by javac, into .cache/oracles/<what they are made of>.
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

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/oracles/", import.meta.url));
const install = { java: tools.java, javac: tools.java, mvn: tools.mvn } as const;

/** Seconds the first time (Maven Central is asked), milliseconds after. @throws tool_missing, internal */
export function prepareOracles(): Oracles {
  const sources = readdirSync(here).filter((name) => name.endsWith(".java")).sort();
  const hash = createHash("sha256");
  for (const name of ["pom.xml", ...sources]) hash.update(name).update(readFileSync(join(here, name)));
  const built = join(cache, hash.digest("hex").slice(0, 16));
  if (!existsSync(built)) build(built, sources);
  const classPath = [join(built, "classes"), join(built, "jars", "*")].join(process.platform === "win32" ? ";" : ":");
  return {
    java: (main, args, stdin = "", flags = []) => run("java", [...flags, "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", `-Duser.home=${built}`, "-Xmx1g", "-cp", classPath, main, ...args], stdin),
  };
}

/** Test files run side by side: each builds in a folder of its own, and the first to be ready gives it its name. */
function build(target: string, sources: readonly string[]): void {
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
