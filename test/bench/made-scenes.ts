// Validation scenes of training/scenes, of seeds that nothing was trained on: kinds that training has, and kinds that it never has.
// They are made once by a Python with numpy and tifffile, and kept in .cache by the version of their generator.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { classicalPython } from "./classical-python.ts";
import { openPair, type PairOfFiles, type SceneGroup } from "./quality-scenes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const training = join(root, "training");
/** Above the seeds of the sets that training is checked with, by custom the first ones: what chose a checkpoint does not judge it. */
const firstSeed = 1000;

/** @param ofEachKind scenes of each kind @returns undefined where there is no Python to make them with, which it has said */
export function madeScenes(ofEachKind: number): readonly SceneGroup[] | undefined {
  const python = classicalPython();
  if (python === undefined) return undefined;
  const kinds = kindsOf(python);
  return [groupOf(python, "scenes of kinds trained on", kinds.filter(({ held }) => !held), ofEachKind), groupOf(python, "scenes of kinds never seen", kinds.filter(({ held }) => held), ofEachKind)];
}

interface Kind {
  readonly name: string;
  readonly held: boolean;
}

function kindsOf(python: string): Kind[] {
  const text = inScenes(python, ["-c", "import json\nfrom scenes.kinds import KINDS\nprint(json.dumps([{'name': name, 'held': kind.held} for name, kind in KINDS.items()]))"]);
  return JSON.parse(text);
}

function groupOf(python: string, name: string, kinds: readonly Kind[], ofEachKind: number): SceneGroup {
  const scenes = kinds.length * ofEachKind;
  return {
    name, scenes, forRecipes: false,
    open: async function* () {
      for (const pair of setOf(python, name, kinds, scenes)) yield await openPair(pair);
    },
  };
}

/** The set of these scenes, made where it is missing. */
function setOf(python: string, name: string, kinds: readonly Kind[], scenes: number): PairOfFiles[] {
  const version = /^VERSION = (\d+)$/m.exec(readFileSync(join(training, "scenes", "scene.py"), "utf8"))?.[1];
  if (version === undefined) throw new Error("training/scenes/scene.py states no VERSION");
  const folder = join(root, ".cache", "quality-scenes", `v${version} ${scenes} ${name}`);
  const description = join(folder, "dataset.json");
  if (!existsSync(description)) {
    process.stderr.write(`  making ${scenes} ${name} ...\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    inScenes(python, ["-m", "scenes.write_set", folder, "--first", String(firstSeed), "--scenes", String(scenes), "--kinds", kinds.map((kind) => kind.name).join(",")]);
  }
  const { items }: MadeSet = JSON.parse(readFileSync(description, "utf8"));
  return items.map(({ id, image, labels, spacing }) => ({ name: id, kind: id.replace(/-\d+$/, ""), image: join(folder, image), labels: join(folder, labels), spacing }));
}

/** What is read of it; its seeds are larger than those of sets that people make. */
interface MadeSet {
  readonly items: readonly { readonly id: string; readonly image: string; readonly labels: string; readonly spacing: Size3 }[];
}

/** @throws when Python fails, which has said why */
function inScenes(python: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(python, args, { cwd: training, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`${python} ${args[0]} ${args[1]?.split("\n")[0]} failed in ${training}`);
  return stdout;
}
