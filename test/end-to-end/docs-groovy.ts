// Groovy as QuPath and Fiji have it, fetched once by Maven.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { repository } from "./docs-page.ts";
import { runProgram } from "./imagej/java-tools.ts";

const version = "4.0.33";

/** A class path with `groovy.ui.GroovyMain` and `groovy.json`. @throws tool_missing, internal with Maven's words */
export async function groovyJars(): Promise<string> {
  const folder = join(repository, ".cache", `groovy-${version}`);
  if (!existsSync(folder)) await fetchJars(folder);
  return ["groovy", "groovy-json"].map((name) => join(folder, `${name}-${version}.jar`)).join(delimiter);
}

async function fetchJars(folder: string): Promise<void> {
  mkdirSync(join(repository, ".cache"), { recursive: true });
  const making = mkdtempSync(join(repository, ".cache", "groovy-making-"));
  try {
    for (const name of ["groovy", "groovy-json"]) {
      const ran = await runProgram("mvn", ["-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy", `-Dartifact=org.apache.groovy:${name}:${version}`, `-DoutputDirectory=${making}`], { timeoutMs: 120_000 });
      if (ran.code !== 0) throw MaskletError.of("internal", { why: `Maven brought no ${name}: ${ran.output.slice(-2000)}` });
    }
    if (!existsSync(folder)) renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
