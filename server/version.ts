// The version in package.json, which lies above the sources and, compiled, above dist.
import { existsSync, readFileSync } from "node:fs";

export function packageVersion(): string {
  const near = new URL("../package.json", import.meta.url);
  const far = new URL("../../package.json", import.meta.url);
  const text = [near, far].filter((place) => existsSync(place)).map((place) => readFileSync(place, "utf8")).find((json) => JSON.parse(json).name === "masklet");
  return text === undefined ? "unknown" : String(JSON.parse(text).version);
}
