// The plots of what was measured.
import type { LabelMeasures, ObjectMeasures } from "#protocol/types.ts";
import type { Plot } from "./contract.ts";
import { histogramPlot } from "./histogram-plot.ts";
import { unitText } from "./numbers-as-text.ts";
import { orientationPlot } from "./orientation-plot.ts";
import { scatterPlot } from "./scatter-plot.ts";
import { sizePlot } from "./size-plot.ts";
import { zinggPlot } from "./zingg-plot.ts";

export interface MeasurePlots {
  readonly shape: readonly Plot[];
  readonly orientation: readonly Plot[];
  readonly others: readonly Plot[];
}

/** Of the objects clear of the border, as the population's numbers. A plot that would be empty is not there. */
export function measurePlots({ objects: all, population, unit }: LabelMeasures): MeasurePlots {
  const objects = all.filter(({ border }) => !border);
  const told = ({ objectId }: ObjectMeasures): string => `object ${objectId}`;
  if (objects.length === 0) return { shape: [], orientation: [], others: [] };
  const volume = { label: `Volume (${unitText(unit, 3)})` };
  const against = (name: string, title: string, label: string, caption: string, value: (object: ObjectMeasures) => number): Plot =>
    scatterPlot({ name, title, caption, x: volume, y: { label }, points: objects.map((object) => ({ x: object.volume, y: value(object), told: told(object) })) });
  return {
    shape: [
      ...(population.equivalentDiameter === null ? [] : [sizePlot({ objects, quantiles: population.equivalentDiameter, unit })]),
      zinggPlot({ objects, counts: population.zingg, unit }),
      against("flatness-against-volume", "Flatness against volume", "Flatness R2 / R3", "R1 ≥ R2 ≥ R3 are the radii of the ellipsoid with the same moments; a flatness of 1 is as wide as it is thick.", ({ flatness }) => flatness),
      against("elongation-against-volume", "Elongation against volume", "Elongation R1 / R2", "An elongation of 1 is as long as it is wide.", ({ elongation }) => elongation),
      histogramPlot({ name: "elongation", title: "Elongation", caption: "R1 / R2.", label: "Elongation R1 / R2", values: objects.map(({ elongation }) => elongation) }),
      histogramPlot({ name: "flatness", title: "Flatness", caption: "R2 / R3.", label: "Flatness R2 / R3", values: objects.map(({ flatness }) => flatness) }),
      histogramPlot({ name: "sphericity", title: "Sphericity", caption: "Surface of the ball of that volume over the object's. Objects a few voxels thick may exceed 1.", label: "Sphericity", values: objects.map(({ sphericity }) => sphericity) }),
      histogramPlot({ name: "solidity", title: "Solidity", caption: "Volume over that of the convex hull: low for what is bent, ragged or joined.", label: "Solidity", values: objects.map(({ solidity }) => solidity) }),
    ],
    orientation: orientations(objects, population),
    others: [
      histogramPlot({ name: "contacts", title: "Contact numbers", caption: "How many other objects each one touches.", label: "Objects touched", whole: true, values: objects.map(({ contacts }) => contacts.length) }),
      ...someOf("intensity", "Mean intensity", "Mean of the image's finite values in each object, in its own grey values.", "Mean grey value", objects.map(({ intensity }) => intensity?.mean)),
      ...someOf("confidence", "Confidence", "Score that the segmentation gave each object.", "Confidence", objects.map(({ confidence }) => confidence)),
    ],
  };
}

function orientations(objects: readonly ObjectMeasures[], { normals, majors }: LabelMeasures["population"]): Plot[] {
  const settled = (unsettled: "major" | "minor"): ObjectMeasures[] => objects.filter(({ axesUncertain }) => axesUncertain !== "both" && axesUncertain !== unsettled);
  const [flat, long] = [settled("minor"), settled("major")];
  const upright = ([z = 0, y = 0, x = 0]: readonly number[]) => [z, y, x] as const;
  return [
    ...(normals === null ? [] : [orientationPlot({ name: "platelet-normals", title: "Platelet normals", axes: flat.map(({ objectId, axes, normal }) => ({ id: objectId, axis: upright(axes[2]), ...normal })), fabric: normals, leftOut: objects.length - flat.length })]),
    ...(majors === null ? [] : [orientationPlot({ name: "long-axes", title: "Long axes", axes: long.map(({ objectId, axes, major }) => ({ id: objectId, axis: upright(axes[0]), ...major })), fabric: majors, leftOut: objects.length - long.length })]),
  ];
}

/** Values that not every object has. */
function someOf(name: string, title: string, caption: string, label: string, given: readonly (number | null | undefined)[]): Plot[] {
  const values = given.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  if (values.length === 0) return [];
  return [histogramPlot({ name, title, label, values, caption: values.length === given.length ? caption : `${caption} ${given.length - values.length} of ${given.length} objects have none.` })];
}
