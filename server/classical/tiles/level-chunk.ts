// Components of one threshold in a chunk, with what tells their shape, and the components of the threshold below that hold them.
import { labelMoments } from "#server/classical/kernels/label-moments.ts";
import type { Box3 } from "../contract.ts";
import { grown, sizeOf } from "./box3.ts";
import { evaluateMask } from "./field.ts";
import type { FieldSources } from "./field.ts";
import { componentPiece, componentsOf } from "./label-chunk.ts";
import type { ComponentsTask, LevelPiece, LevelTask } from "./tile-task.ts";

/** Those below are numbered as that threshold's own task numbers them. */
export function levelPiece({ box, inside, below }: LevelTask, sources: FieldSources): LevelPiece {
  const task: ComponentsTask = { kind: "components", box, inside, connectivity: 26 };
  const { piece, labels: painted } = componentPiece(task, sources);
  const core = painted();
  const { labels, count } = componentsOf(task, sources);
  const parent = new Uint32Array(count);
  if (below !== undefined) {
    const under = componentsOf({ ...task, inside: below }, sources).labels;
    for (let at = 0; at < labels.length; at++) if (labels[at] !== 0) parent[labels[at]! - 1] = under[at]!;
  }
  const wide = grown(box, [1, 1, 1], sources.size);
  return { ...piece, parent, moments: labelMoments(core, sizeOf(box), count, box.start), faces: openFaces(core, box, evaluateMask(inside, wide, sources), wide, count) };
}

/** Voxel faces between a component and what is outside; the volume's own faces are none. What touches a component by a face is of it, or outside. */
function openFaces(labels: Uint32Array, box: Box3, inside: Uint8Array, wide: Box3, count: number): Float64Array {
  const faces = new Float64Array(count);
  const [, height, width] = sizeOf(wide);
  const steps = [-height * width, -width, -1, 1, width, height * width];
  let at = 0;
  for (let z = box.start[0]; z < box.end[0]; z++) {
    for (let y = box.start[1]; y < box.end[1]; y++) {
      for (let x = box.start[2]; x < box.end[2]; x++, at++) {
        if (labels[at] === 0) continue;
        const middle = ((z - wide.start[0]) * height + y - wide.start[1]) * width + x - wide.start[2];
        const goesOn = [z > wide.start[0], y > wide.start[1], x > wide.start[2], x + 1 < wide.end[2], y + 1 < wide.end[1], z + 1 < wide.end[0]];
        for (let side = 0; side < 6; side++) if (goesOn[side] && inside[middle + steps[side]!] === 0) faces[labels[at]! - 1]!++;
      }
    }
  }
  return faces;
}
