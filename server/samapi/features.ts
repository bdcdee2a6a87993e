// Masks as the GeoJSON features that samapi's clients turn into objects: exact outlines in pixel corners, with holes and islands.
import type { Mask } from "#protocol/types.ts";
import { maskGeometry } from "#server/exports/geojson.ts";

/** QuPath reads the plane only when it has these three and nothing else. */
export interface FeaturePlane {
  readonly c: -1;
  readonly z: number;
  readonly t: number;
}

/** @param model what ran, under its own name. @returns without masks that have no pixel */
export function pictureFeatures(masks: readonly Pick<Mask, "box" | "bits" | "score">[], model: string): object[] {
  // Without `object_idx`: the extension would make a class named by that number of it.
  return masks.flatMap((mask) => {
    const geometry = maskGeometry(mask);
    return geometry === undefined ? [] : [{ type: "Feature", geometry, properties: { label: "object", quality: mask.score, sam_model: model } }];
  });
}

/** @param place of each mask's frame */
export function videoFeatures(masks: readonly Mask[], model: string, place: (mask: Mask) => FeaturePlane): object[] {
  return masks.flatMap((mask) => {
    const geometry = maskGeometry(mask);
    if (geometry === undefined) return [];
    // The extension looks the object up by this number, and fails as a whole without it.
    const properties = { object_idx: mask.objectId, label: "object", quality: mask.score, sam_model: model, measurements: { "Area px": mask.area } };
    return [{ type: "Feature", geometry: { ...geometry, plane: place(mask) }, properties }];
  });
}
