// Changes from plane to plane that are worth a look though the object goes on; the same for every family.
export const warnRules = {
  score: 0.75,
  iou: 0.6,
  contrast: 0.55,
  areaFactor: 1.15,
  areaSlack: 2,
} as const;
