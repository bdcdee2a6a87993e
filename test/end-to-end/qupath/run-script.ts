// Runs a script of client-fiji/qupath as QuPath runs it for the images of a project, on stand-ins of QuPath's classes.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { prepareScripts, type GroovyVersion } from "./prepare.ts";

export type Position = [number, number];
type Coordinates = Position | Coordinates[];
export interface Plane {
  readonly c: number;
  readonly z: number;
  readonly t: number;
}

/** An object as QuPath writes it. */
export interface Feature {
  readonly type: "Feature";
  readonly id: string;
  readonly geometry: { readonly type: "MultiPoint" | "LineString" | "Polygon" | "MultiPolygon"; readonly coordinates: Coordinates; readonly plane?: Plane };
  readonly properties: {
    readonly objectType: "annotation" | "detection";
    readonly name?: string;
    readonly color?: readonly number[];
    readonly classification?: { readonly name?: string; readonly names?: readonly string[]; readonly color: readonly number[] };
    readonly isLocked?: boolean;
    readonly measurements?: Readonly<Record<string, number>>;
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

export interface Image {
  readonly name: string;
  readonly type: "UINT8" | "INT8" | "UINT16" | "INT16" | "INT32" | "FLOAT32" | "FLOAT64";
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  /** Three channels that are one colour. */
  readonly rgb?: true;
  readonly pixelSize?: number;
  readonly zSpacing?: number;
  /** A file of raw little-endian values [t][z][c][y][x]. */
  readonly pixels: string;
}

/** As `-a key=value`. */
export type Settings = Readonly<Record<string, string | number>>;

export interface Scene {
  readonly image?: Image;
  readonly objects?: readonly Feature[];
  /** Ids. */
  readonly selected?: readonly string[];
  /** The thread is interrupted when a line fits this. */
  readonly stop?: string;
  /** The script is run from the editor without having been saved. */
  readonly unsaved?: true;
  /** Other settings than those of all scenes. */
  readonly settings?: Settings;
}

export interface Outcome {
  readonly error?: { readonly type: string; readonly message: string };
  readonly printed: string;
  /** downsample, x, y, width, height, z, t of every region that was read. */
  readonly reads: readonly (readonly number[])[];
  readonly objects: readonly Feature[];
}

export const scriptFolder = fileURLToPath(new URL("../../../client-fiji/qupath", import.meta.url));

export type ScriptName = "Segment slices with Masklet" | "Propagate with Masklet" | "Find objects with Masklet" | "Import from Masklet";

/**
 * One outcome a scene.
 * @param machine the token in the environment; the home folder, which by default holds none; the folder of the scripts
 */
export async function runScript(version: GroovyVersion, name: ScriptName, scenes: readonly Scene[], settings: Settings, machine: { readonly token?: string; readonly home?: string; readonly scripts?: string } = {}): Promise<readonly Outcome[]> {
  const script = join(machine.scripts ?? scriptFolder, `${name}.groovy`);
  const folder = mkdtempSync(join(tmpdir(), "masklet-qupath-"));
  try {
    const [asked, answered] = [join(folder, "scenes.json"), join(folder, "results.json")];
    writeFileSync(asked, JSON.stringify(scenes.map((scene) => ({ ...scene, arguments: Object.entries({ ...settings, ...scene.settings }).map((pair) => pair.join("=")) }))));
    const java = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", `-Duser.home=${machine.home ?? folder}`, "-Xmx512m", "-cp", prepareScripts(version), "RunScript"];
    const { code, text } = await runJava([...java, script, asked, answered], { ...process.env, MASKLET_TOKEN: machine.token ?? "", LC_ALL: "C.UTF-8" });
    if (code !== 0) throw MaskletError.of("internal", { why: `java ended with ${code}: ${text}` });
    return JSON.parse(readFileSync(answered, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJava(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("java", args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: 240_000 });
    const said: string[] = [];
    child.stdout.on("data", (text: Buffer) => said.push(text.toString()));
    child.stderr.on("data", (text: Buffer) => said.push(text.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text: said.join("") }));
  });
}
