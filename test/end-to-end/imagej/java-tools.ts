// The programs the ImageJ tests need, and the jar under test, built by Maven.
import { execFile } from "node:child_process";
import { access, mkdtemp, mkdir, copyFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { hasTool, isTool, tools } from "../../tools.ts";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
export const jar = join(repository, "client-fiji", "target", "Masklet_Client-0.1.0.jar");

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end; after timeoutMs it is killed and `code` is null. Output and error output are joined. */
export function runProgram(program: string, args: readonly string[], options: { timeoutMs: number; env?: Record<string, string>; cwd?: string }): Promise<Ran> {
  return new Promise((done, fail) => {
    const env = { ...process.env, ...options.env };
    const child = execFile(program, args, { env, cwd: options.cwd, timeout: options.timeoutMs, killSignal: "SIGTERM", maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error !== null && "code" in error && error.code === "ENOENT") return fail(MaskletError.of("tool_missing", { tool: program, install: isTool(program) ? tools[program] : program }, error));
      done({ code: child.exitCode, output: stdout + stderr });
    });
  });
}

/** What an ImageJ in a window takes. */
const imageJTools = ["java", "javac", "mvn", "Xvfb", "xvfb-run", "xauth"] as const;

/** @throws tool_missing, naming the command that installs what is missing */
export async function requireTools(): Promise<void> {
  for (const tool of imageJTools) if (!hasTool(tool)) throw MaskletError.of("tool_missing", { tool, install: tools[tool] });
}

/** Builds the jar and runs its unit tests. @throws internal with Maven's words */
export async function buildClient(): Promise<void> {
  const ran = await runProgram("mvn", ["-q", "-B", "package"], { timeoutMs: 300_000, cwd: join(repository, "client-fiji") });
  if (ran.code !== 0) throw MaskletError.of("internal", { why: `mvn package failed: ${ran.output.slice(-3000)}` });
}

/** ImageJ's own jar: IJ_JAR, Debian's, or the one Maven fetched to compile against. @throws tool_missing */
export async function imageJJar(): Promise<string> {
  const maven = join(homedir(), ".m2", "repository", "net", "imagej", "ij", "1.53t", "ij-1.53t.jar");
  for (const path of [process.env["IJ_JAR"], "/usr/share/java/ij.jar", maven]) {
    if (path !== undefined && await exists(path)) return path;
  }
  throw MaskletError.of("tool_missing", { tool: "ImageJ", install: "apt-get install imagej" });
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

/** An ImageJ folder with the plugin in it; it is also the user's home, so that no preference of anybody is read or written. */
export async function imageJHome(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "masklet-imagej-"));
  await mkdir(join(path, "plugins"));
  await copyFile(jar, join(path, "plugins", "Masklet_Client-0.1.0.jar"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Java arguments of an ImageJ that lives in `home`. */
export function imageJArguments(home: string, ij: string, properties: readonly string[] = []): string[] {
  return [`-Duser.home=${home}`, `-Dplugins.dir=${home}`, `-Djava.io.tmpdir=${home}`, "-Xmx512m", ...properties, "-cp", ij];
}
