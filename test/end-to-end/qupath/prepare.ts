// Gets what the scripts run on, once: the jars by Maven, the stand-ins of QuPath's classes by javac, into .cache/qupath/<what they are made of>.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { tools } from "../../tools.ts";

/** That of QuPath 0.5 and 0.6, and that of 0.7 and newer. */
export const groovyVersions = ["4.0.33", "5.0.8"] as const;
export type GroovyVersion = (typeof groovyVersions)[number];

const here = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache/qupath/", import.meta.url));

/** Some seconds the first time (Maven Central is asked), nothing after. @returns a class path @throws tool_missing, internal */
export function prepareScripts(version: GroovyVersion): string {
  const sources = globSync("**/*.java", { cwd: here }).sort();
  const hash = createHash("sha256").update(version);
  for (const name of ["pom.xml", ...sources]) hash.update(name).update(readFileSync(join(here, name)));
  const built = join(cache, hash.digest("hex").slice(0, 16));
  if (!existsSync(built)) build(built, version, sources);
  return [join(built, "classes"), join(built, "jars", "*")].join(delimiter);
}

/** Test files run side by side: each builds in a folder of its own, and the first to be ready gives it its name. */
function build(target: string, version: GroovyVersion, sources: readonly string[]): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "building-"));
  const jars = join(folder, "jars");
  try {
    run("mvn", ["-q", "-B", "-f", join(here, "pom.xml"), "dependency:copy-dependencies", `-Dgroovy.version=${version}`, `-DoutputDirectory=${jars}`, "-DincludeScope=runtime"]);
    run("javac", ["-nowarn", "-encoding", "UTF-8", "-cp", join(jars, "*"), "-d", join(folder, "classes"), ...sources.map((name) => join(here, name))]);
    renameSync(folder, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(tool: "mvn" | "javac", args: readonly string[]): void {
  const done = spawnSync(tool, args, { encoding: "utf8", timeout: 300_000 });
  if (done.error !== undefined && "code" in done.error && done.error.code === "ENOENT") throw MaskletError.of("tool_missing", { tool, install: tools[tool] }, done.error);
  if (done.status !== 0) throw MaskletError.of("internal", { why: `${tool} ended with ${done.status ?? done.signal}: ${done.stderr || done.stdout}` }, done.error);
}
