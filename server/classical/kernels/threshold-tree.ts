// Components at rising thresholds, as a tree, and the best of each of its branches.

export interface TreeNode {
  /** Number of its threshold, rising. */
  readonly level: number;
  /** The component at the threshold before that holds it; -1 at the first. Parents come before their children. */
  readonly parent: number;
  readonly voxels: number;
  /** Index of its first voxel: of equally good ones the first is taken. */
  readonly first: number;
  readonly elongation: number;
  readonly compactness: number;
}

export interface TreeChoice {
  /** Largest volume, least elongation, greatest compactness, least change of volume from one threshold to the next. */
  readonly criterion: "volume" | "elongation" | "compactness" | "mser";
  /** Components beyond these are as if they were not there. */
  readonly minVolume: number;
  readonly maxVolume: number;
}

/**
 * A branch begins at a component without children and goes down the thresholds to the last component that shares its parent with no other, or to
 * the first threshold. Its best component is taken; branches have no voxel in common.
 * @returns numbers of nodes
 */
export function bestNodes(nodes: readonly TreeNode[], { criterion, minVolume, maxVolume }: TreeChoice): number[] {
  const counts = nodes.map(({ voxels }) => voxels >= minVolume && voxels <= maxVolume);
  const children = new Uint32Array(nodes.length);
  for (const [nth, { parent }] of nodes.entries()) if (counts[nth] && parent >= 0) children[parent]!++;
  const best: number[] = [];
  for (let leaf = 0; leaf < nodes.length; leaf++) {
    if (!counts[leaf] || children[leaf]! > 0) continue;
    const branch = [leaf];
    for (let at = nodes[leaf]!.parent; at >= 0 && counts[at] && children[at] === 1; at = nodes[at]!.parent) branch.push(at);
    best.push(bestOf(branch, nodes, criterion));
  }
  return best;
}

/** @param branch the leaf, with the highest threshold, first */
function bestOf(branch: readonly number[], nodes: readonly TreeNode[], criterion: TreeChoice["criterion"]): number {
  const worth = (at: number): number => {
    const node = nodes[branch[at]!]!;
    if (criterion === "volume") return node.voxels;
    if (criterion === "elongation") return -node.elongation;
    if (criterion === "compactness") return node.compactness;
    const [above, below] = [nodes[branch[at - 1]!], nodes[branch[at + 1]!]];
    // At an end of the branch there is one neighbour only, and the change is taken over one threshold instead of two.
    if (above === undefined && below === undefined) return 0;
    const span = above === undefined || below === undefined ? 2 : 1;
    return (-span * Math.abs((below ?? node).voxels - (above ?? node).voxels)) / node.voxels;
  };
  let best = 0;
  for (let at = 1; at < branch.length; at++) if (worth(at) > worth(best)) best = at;
  return branch[best]!;
}
