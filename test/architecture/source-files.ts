// The TypeScript files of a checkout with what they import.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

export interface Import {
  /** As it stands in the file. */
  readonly written: string;
  readonly ours: boolean;
  /** From the checkout's root, when it is ours. */
  readonly path: string;
}

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  readonly code: string;
  readonly imports: readonly Import[];
}

export function sourceFiles(folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" })
    // AssemblyScript, which another compiler reads.
    .filter((name) => name.endsWith(".ts") && !`${folder}/${name}`.startsWith("server/classical/kernels/simd/assembly/"))
    .map((name) => read(`${folder}/${name}`)));
}

function read(path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");
  const written = [...code.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g)].map((match) => match[1] ?? match[2] ?? match[3]!);
  return { path, lines: text.split("\n").length - 1, code, imports: written.map((name) => resolveImport(path, name)) };
}

function resolveImport(from: string, written: string): Import {
  if (written.startsWith("#")) return { written, ours: true, path: written.slice(1) };
  if (written.startsWith(".")) return { written, ours: true, path: posix.normalize(posix.join(posix.dirname(from), written)) };
  return { written, ours: false, path: written };
}
