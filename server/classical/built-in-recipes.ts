// The recipes that come with the product. FDS is known from a thesis as a skeleton only (filtering, distance map, segmentation); the steps here
// are our own definition, and so are those of the two methods it is compared with.
import type { Recipe } from "./contract.ts";

export interface BuiltInRecipe extends Recipe {
  readonly title: string;
}

export const builtInRecipes: readonly BuiltInRecipe[] = [
  {
    name: "fds", title: "Filtering - distance map - segmentation, set for thin platelets in CT",
    steps: [
      { step: "rings" },
      { step: "denoise" },
      { step: "flatten" },
      { step: "polarity" },
      { step: "threshold" },
      { step: "close" },
      { step: "fill" },
      { step: "drop" },
      { step: "split" },
      { step: "open-objects" },
      { step: "expand" },
      { step: "select" },
    ],
  },
  {
    name: "fds-grains", title: "The same, set for compact grains, cells and nuclei",
    steps: [
      { step: "rings", correct: "off" },
      { step: "denoise", method: "gaussian", sigma: 1 },
      { step: "flatten" },
      { step: "polarity" },
      { step: "threshold", method: "Li" },
      { step: "above-mean", sigma: 10 },
      { step: "close" },
      { step: "fill" },
      { step: "drop", minVolume: 50 },
      { step: "split", method: "edt", h: 0.5 },
      { step: "open-objects" },
      { step: "expand" },
      { step: "select", minVolume: 50 },
    ],
  },
  {
    name: "fds-base", title: "Low threshold, distance map, Otsu on it, components",
    steps: [
      { step: "polarity" },
      { step: "threshold", low: 3, high: 3 },
      { step: "distance" },
      { step: "cut" },
      { step: "components" },
      { step: "grow" },
      { step: "select", minVolume: 50 },
    ],
  },
  {
    name: "ffs", title: "Edges, flood fill of the background, iterative thresholding",
    steps: [
      { step: "polarity" },
      { step: "denoise", method: "gaussian", sigma: 1 },
      { step: "gradient" },
      { step: "threshold", method: "Otsu" },
      { step: "background" },
      { step: "open" },
      { step: "iterate" },
      { step: "select" },
    ],
  },
];
