// One ImageJ macro in a fresh ImageJ under its own display. What the macro says comes back through a file: ImageJ's exit code
// is 0 even after an error.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exists, imageJArguments, imageJHome, imageJJar, runProgram } from "./java-tools.ts";

export interface MacroRun {
  /** What the macro told with `tell(key, value)`, in order; numbers and texts as texts. */
  readonly told: Readonly<Record<string, string>>;
  /** Whether it reached its last line. */
  readonly finished: boolean;
  readonly output: string;
}

export interface MacroOptions {
  readonly env?: Record<string, string>;
  /** Written into the home folder before the start. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly timeoutMs?: number;
}

/** What every macro may call: `tell(key, value)` for the test, and `result()`, the last command's result. */
export const macroHead = (results: string): string => `
function tell(key, value) { File.append("" + key + "\\t" + replace("" + value, "\\n", "\\\\n"), "${results}"); }
function result() { return call("org.masklet.fiji.Masklet_Macro.lastResult"); }
`;

/** What was told into the file, by key; nothing where nothing was. */
export async function readTold(results: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await exists(results)) ? (await readFile(results, "utf8")).trimEnd().split("\n") : [];
  return Object.fromEntries(lines.map((line) => [line.split("\t", 1)[0]!, line.slice(line.indexOf("\t") + 1)]));
}

/** `HOME` in the macro's text stands for its folder. */
export async function runMacro(text: string, options: MacroOptions = {}): Promise<MacroRun> {
  const home = await imageJHome();
  const { timeoutMs = 60_000 } = options;
  try {
    const results = join(home.path, "results.txt");
    for (const [name, content] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(home.path, name)), { recursive: true });
      await writeFile(join(home.path, name), content);
    }
    await writeFile(join(home.path, "test.ijm"), `${macroHead(results)}${text.replaceAll("HOME", home.path)}\ntell("finished", "yes");\n`);
    const java = ["java", ...imageJArguments(home.path, await imageJJar()), "ij.ImageJ", "-batch", join(home.path, "test.ijm")];
    const ran = await runProgram("xvfb-run", ["-a", "timeout", String(timeoutMs / 1000 - 10), ...java], { timeoutMs, env: options.env ?? {} });
    const told = await readTold(results);
    return { told, finished: told["finished"] === "yes", output: ran.output };
  } finally {
    await home.remove();
  }
}
