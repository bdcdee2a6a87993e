// The user's own npm settings, read where npm reads them: environment over the project's .npmrc over the user's.
// Only what fetching a package needs. Nothing here names a registry; without a setting the downloader's default stands.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { MaskletError, isSystemError, reasonOf } from "#protocol/errors.ts";

/** Settings passed on, by npm's name, and what the downloader calls them. */
const passed: Readonly<Record<string, string>> = { registry: "registry", proxy: "proxy", "https-proxy": "httpsProxy", noproxy: "noProxy" };

export interface NpmSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly home: string;
}

export function npmSurroundings(): NpmSurroundings {
  return { env: process.env, folder: process.cwd(), home: homedir() };
}

/** @returns options for the downloader: the registry, proxies, and credentials by registry address (`//host/:_authToken`) */
export async function readNpmSettings(around: NpmSurroundings): Promise<Record<string, string>> {
  const userFile = around.env["npm_config_userconfig"] ?? around.env["NPM_CONFIG_USERCONFIG"] ?? join(around.home, ".npmrc");
  const settings: Record<string, string> = {};
  for (const file of [userFile, join(around.folder, ".npmrc")]) {
    for (const [key, value] of parseNpmrc(await textOf(file), around.env)) {
      const name = key.startsWith("//") ? key : passed[key];
      if (name !== undefined) settings[name] = value;
    }
  }
  for (const [key, name] of Object.entries(passed)) {
    const variable = `npm_config_${key.replaceAll("-", "_")}`;
    const value = around.env[variable] ?? around.env[variable.toUpperCase()];
    if (value !== undefined && value !== "") settings[name] = value;
  }
  return settings;
}

/** npm's ini: `key = value` lines, `;` and `#` comments, optional quotes, `${NAME}` from the environment. */
export function parseNpmrc(text: string, env: NpmSurroundings["env"]): [string, string][] {
  const pairs: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (found === null) continue;
    const value = found[2]!.replace(/^(["'])(.*)\1$/, "$2").replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
    pairs.push([found[1]!, value]);
  }
  return pairs;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    if (isSystemError(thrown, "ENOENT", "ENOTDIR")) return "";
    throw MaskletError.of("file_unreadable", { file, why: reasonOf(thrown) }, thrown);
  }
}
