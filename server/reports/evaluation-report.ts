// One or several predictions beside the truth, to look at.
import type { Watch } from "#protocol/types.ts";
import type { Rgb } from "#server/exports/object-colors.ts";
import { crossCuts, spreadCuts } from "./choose-cuts.ts";
import type { Block, EvaluationReportRequest, JudgedPrediction, Picture, Report, Section, Table } from "./contract.ts";
import type { CutPixels } from "./cut.ts";
import { drawPlots } from "./draw-plot.ts";
import { evaluationPlots } from "./evaluation-plots.ts";
import { firstOf } from "./first-of.ts";
import { objectsToShow } from "./judged-objects.ts";
import type { ShownObject } from "./judged-objects.ts";
import { counted, countOf, scored, shown, unitText } from "./numbers-as-text.ts";
import { objectPicture, planePicture, readPlanes, sceneOf } from "./pictures.ts";
import type { Painter, Scene } from "./pictures.ts";
import { dimmed } from "./paint.ts";
import { reportPage } from "./report-page.ts";
import { scoreTable } from "./score-table.ts";

const truthColor: Rgb = [64, 190, 255];
const predictionColor: Rgb = [255, 140, 0];
/** Pictures of planes, and of objects, in all: with more predictions there are fewer of each. */
const maxPlanePictures = 24;
const maxObjectPictures = 72;
const maxColumns = 4;
const listedObjects = 200;

/**
 * One HTML file: scores beside each other, curves, objects one by one, and the same planes of each prediction with both outlines.
 * Memory: the pictures, and one band of a plane at a time.
 * @param request with one prediction or more, all on the truth's grid
 * @throws cancelled, labels_invalid, and what reading throws
 */
export async function evaluationReport(request: EvaluationReportRequest, watch: Watch = {}): Promise<string> {
  return reportPage(await composeEvaluationReport(request, watch));
}

/** The same before it becomes a page, for those who also want its plots and pictures as files. */
export async function composeEvaluationReport({ title, truth, image, predictions }: EvaluationReportRequest, watch: Watch = {}): Promise<Report> {
  const { evaluation } = predictions[0]!;
  const { unit, size } = evaluation;
  const spacing = [evaluation.spacing[0]!, evaluation.spacing[1]!, evaluation.spacing[2]!] as const;
  const source = { labels: [truth, ...predictions.map(({ labels }) => labels)], image, spacing };
  const across = crossCuts(truth.size, evaluation.objects);
  const slices = Math.max(1, Math.min(predictions.length > 1 ? 4 : 6, Math.floor(maxPlanePictures / predictions.length) - across.length));
  const cuts = [...spreadCuts(truth.size, evaluation.objects, slices), ...across];
  const planes = await readPlanes(source, cuts, watch);
  const scene = sceneOf(source, truth.size, unit, planes);
  const plots = evaluationPlots(predictions);
  return {
    title,
    facts: [
      ["Truth", `${truth.name}: ${countOf(evaluation.truth.objects, "object")}`],
      ...predictions.map(({ name, evaluation: { prediction } }): [string, string] => ["Prediction", `${name}: ${countOf(prediction.objects, "object")}`]),
      ["Image", image === undefined ? "none given: the truth is filled" : image.name],
      ["Volume", `${size.join(" × ")} voxels (z × y × x)`],
      ["Voxel size", unit === "vx" ? "not known: lengths are in voxels" : `${spacing.map(shown).join(" × ")} µm (z × y × x)`],
      ...emptiness(predictions),
    ],
    sections: [
      { heading: "Scores", blocks: [{ kind: "table", table: scoreTable(predictions, unit) }, ...(await drawPlots(plots.scores, watch))] },
      { heading: "Slices", blocks: [slicesBlock(scene, planes, predictions)] },
      { heading: "Object by object", blocks: [...(await drawPlots(plots.objects, watch)), ...objectTable(predictions)] },
      ...(await examples(scene, predictions, watch)),
    ],
  };
}

/** Scores of nothing look like scores. */
function emptiness(predictions: readonly JudgedPrediction[]): [string, string][] {
  return predictions.flatMap(({ name, evaluation: { truth, prediction } }): [string, string][] => {
    if (truth.objects > 0 && prediction.objects > 0) return [];
    const why = truth.objects > 0 ? "nothing is predicted: all is missed, and distances are not defined" : prediction.objects > 0 ? "the truth has no object: all that is predicted is spurious" : "neither side has an object: scores are 1 because there was nothing to find";
    return [["Note", `${name}: ${why}`]];
  });
}

/** The object that is meant in full colour, those around it in a darker one. */
function painterFor({ truth, prediction }: ShownObject, withImage: boolean): Painter {
  const strong = (color: Rgb, meant: number | undefined) => (id: number): Rgb => (id === meant ? color : dimmed(color));
  return (ids) => [{ ids: ids[0]!, color: strong(truthColor, truth), filled: !withImage }, { ids: ids[1]!, color: prediction === undefined ? () => predictionColor : strong(predictionColor, prediction) }];
}

/** Both outlines; where there is no image the truth is filled. */
function painterOf(withImage: boolean, nth: number): Painter {
  return (ids) => [{ ids: ids[0]!, color: () => truthColor, filled: !withImage }, { ids: ids[nth]!, color: () => predictionColor }];
}

const colorKey = [{ color: truthColor, text: "truth" }, { color: predictionColor, text: "prediction" }, { color: [255, 255, 255], text: "both at once" }] as const;

function slicesBlock(scene: Scene, planes: readonly CutPixels[], predictions: readonly JudgedPrediction[]): Block {
  const several = predictions.length > 1;
  const pictures = planes.flatMap((plane) => predictions.map(({ name }, nth): Picture => planePicture(scene, plane, {
    name: `slice-${"zyx".charAt(plane.cut.axis)}${plane.cut.index}${several ? `-${nth + 1}` : ""}`, title: several ? name : undefined, what: `outlines of the truth and of ${name}`, painter: painterOf(scene.source.image !== undefined, nth + 1),
  })));
  return { kind: "pictures", columns: several ? Math.ceil(predictions.length / Math.ceil(predictions.length / maxColumns)) : 3, pictures, key: colorKey, caption: `${several ? "The same planes of each prediction" : "Slices spread over the part that holds true objects, and cuts along y and x through its middle"}; indices count from 0. Where two outlines lie on the same pixels they are white.` };
}

function objectTable(predictions: readonly JudgedPrediction[]): Block[] {
  const objects = predictions[0]!.evaluation.objects;
  if (objects.length === 0) return [{ kind: "text", text: "The truth has no object." }];
  const found = predictions.map(({ evaluation }) => new Map(evaluation.objects.map((object) => [object.truth, object])));
  const mean = (truth: number): number => found.reduce((sum, each) => sum + (each.get(truth)?.modeDice ?? 0), 0) / found.length;
  const order = firstOf(objects.map((object) => ({ object, mean: mean(object.truth) })), listedObjects, (a, b) => a.mean - b.mean || a.object.truth - b.object.truth);
  const table: Table = {
    caption: `Dice and verdict of ${objects.length > listedObjects ? `the ${listedObjects} worst of ${counted(objects.length)} true objects` : "every true object"}, worst first`,
    columns: ["true object", `volume (${unitText(predictions[0]!.evaluation.unit, 3)})`, ...predictions.map(({ name }) => name)],
    rows: order.map(({ object }) => {
      const all = found.map((each) => each.get(object.truth));
      const best = Math.max(...all.map((one) => one?.modeDice ?? 0));
      return [String(object.truth), shown(object.volume), ...all.map((one) => ({ text: one === undefined ? "-" : `${scored(one.modeDice)} ${one.verdict}`, best: all.length > 1 && one?.modeDice === best && all.some((other) => other?.modeDice !== best) }))];
    }),
  };
  return [{ kind: "table", table, folded: true }];
}

async function examples(scene: Scene, predictions: readonly JudgedPrediction[], watch: Watch): Promise<Section[]> {
  const each = Math.max(1, Math.min(3, Math.floor(maxObjectPictures / predictions.length / 6)));
  const sections: Section[] = [];
  for (const [nth, { name, evaluation }] of predictions.entries()) {
    const pictures: Picture[] = [];
    // The other predictions need not be read.
    const own = { ...scene, source: { ...scene.source, labels: [scene.source.labels[0]!, scene.source.labels[nth + 1]!] } };
    for (const shownOne of objectsToShow(evaluation, each)) {
      const { start, end } = shownOne.box;
      pictures.push(await objectPicture(own, {
        ...shownOne, name: `${shownOne.name}${predictions.length > 1 ? `-${nth + 1}` : ""}`, alt: `${shownOne.title}, cut along z, y and x through the middle of its box, with the outlines of the truth and of ${name}`,
        voxel: start.map((from, axis) => (from + end[axis]!) / 2), painter: painterFor(shownOne, scene.source.image !== undefined),
      }, watch.signal));
    }
    const heading = predictions.length > 1 ? `Worst, faulty and best: ${name}` : "Worst, faulty and best objects";
    sections.push({ heading, blocks: pictures.length === 0 ? [{ kind: "text", text: "There is no object to show." }] : [{ kind: "pictures", columns: 2, pictures, key: colorKey, caption: `At most ${countOf(each, "object")} of each kind, cut through the middle of their boxes; true objects around them have darker outlines.` }] });
  }
  return sections;
}
