// Each model's masklets of the same objects from the same prompts: from one box, from one click, and with corrections of the former.
import type { End, Mask } from "#protocol/types.ts";
import type { TrackerSource } from "#models/tracker.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import { faultOf, lookOf, type Fault, type ObjectLook } from "./masklet-faults.ts";
import { diceOf } from "./masklet-errors.ts";
import { boxPrompt, chooseObjects, clickPrompt, type Choice, type TrueObject } from "./masklet-objects.ts";
import { correct, follow, startTrial, type Pace } from "./masklet-trial.ts";
import type { Scene } from "./quality-scenes.ts";

/** One object by one model. */
export interface JudgedMasklet {
  readonly object: TrueObject;
  /** 3D Dice. */
  readonly box: number;
  readonly click: number;
  /** From the box on: after no correction, one, two ... */
  readonly corrected: readonly number[];
  /** What one box gave. */
  readonly masks: ReadonlyMap<number, Mask>;
  readonly ends: readonly End[];
  /** What most of its wrong voxels are; of the best masklets, too. */
  readonly fault: Fault;
  readonly look: ObjectLook;
}

export interface JudgedScene {
  readonly name: string;
  /** What its objects are. */
  readonly kind: string;
  readonly choice: Choice;
  readonly byModel: ReadonlyMap<string, { readonly masklets: readonly JudgedMasklet[]; readonly pace: Pace }>;
}

/** @param most objects @param corrections of each box */
export async function judgeScene(scene: Scene, trackers: TrackerSource, models: readonly string[], most: number, seed: number, corrections: number): Promise<JudgedScene> {
  const { source, reader, truth, name, kind } = scene;
  const choice = chooseObjects(truth, reader.size, most, seed);
  const byModel = new Map<string, { masklets: JudgedMasklet[]; pace: Pace }>();
  const view = await freezeView(source, undefined);
  const volume = { voxels: await source.read({ t: 0, c: 0, z: [0, source.shape.z], y: [0, source.shape.y], x: [0, source.shape.x] }), truth, size: reader.size };
  for (const model of models) {
    process.stderr.write(`  ${name}, ${model}, ${choice.chosen.length} of ${choice.all} objects\n`);
    const seen = { source, view, trackers, model, window: "object" } as const;
    const boxes = choice.chosen.map((object) => startTrial(object, boxPrompt(object)));
    const clicks = choice.chosen.map((object) => startTrial(object, clickPrompt(object, reader.size)));
    const dices = (trials: typeof boxes): number[] => trials.map(({ object, masks }) => diceOf(object, masks));
    const pace = await follow(seen, boxes);
    await follow(seen, clicks);
    const fromBox = boxes.map(({ masks, ends }) => ({ masks: new Map(masks), ends: [...ends] }));
    const curve = [dices(boxes)];
    for (let nth = 0; nth < corrections; nth++) {
      await correct(seen, boxes);
      curve.push(dices(boxes));
    }
    const clicked = dices(clicks);
    const masklets = choice.chosen.map((object, at): JudgedMasklet => {
      const { masks, ends } = fromBox[at]!;
      return {
        object, masks, ends, box: curve[0]![at]!, click: clicked[at]!, corrected: curve.map((dice) => dice[at]!),
        fault: faultOf(object, masks, volume), look: lookOf(object, volume),
      };
    });
    byModel.set(model, { masklets, pace });
  }
  return { name, kind, choice, byModel };
}
