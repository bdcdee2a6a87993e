// Which objects of one frame share voxels and which touch, from their masks: what a label image, where each voxel has one owner, no longer shows.
import type { Mask } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import { bitPlane, share, touch } from "./bit-plane.ts";
import type { BitPlane } from "./bit-plane.ts";

/** By object, the others; both ways. */
export type Neighbours = ReadonlyMap<number, ReadonlySet<number>>;

interface Placed {
  readonly objectId: number;
  readonly bits: BitPlane;
}

/** Objects that share a voxel. Memory: the masks and the bits of a plane. */
export function sharing(masks: readonly Mask[]): Neighbours {
  return neighbours(masks, (plane, _below, meet) => meet(plane, plane, share));
}

/** Objects that share a voxel, or have voxels that meet at a face, an edge or a corner. Memory: the masks and the bits of two planes. */
export function touching(masks: readonly Mask[]): Neighbours {
  return neighbours(masks, (plane, below, meet) => {
    meet(plane, plane, touch);
    meet(plane, below, touch);
  });
}

/** By object a number from 0, as few as come of taking the objects by their ids: those that share a voxel have different ones. */
export function layersOf(shared: Neighbours): Map<number, number> {
  const layers = new Map<number, number>();
  for (const objectId of [...shared.keys()].sort((a, b) => a - b)) {
    const taken = new Set([...shared.get(objectId)!].map((other) => layers.get(other)));
    let layer = 0;
    while (taken.has(layer)) layer++;
    layers.set(objectId, layer);
  }
  return layers;
}

type Meet = (plane: readonly Placed[], others: readonly Placed[], how: (a: BitPlane, b: BitPlane) => boolean) => void;

function neighbours(masks: readonly Mask[], each: (plane: readonly Placed[], below: readonly Placed[], meet: Meet) => void): Neighbours {
  const found = new Map<number, Set<number>>();
  const join = (a: number, b: number): void => {
    const known = found.get(a);
    if (known === undefined) found.set(a, new Set([b]));
    else known.add(b);
  };
  const meet: Meet = (plane, others, how) => {
    const sorted = [...others].sort((a, b) => a.bits.box[1] - b.bits.box[1]);
    for (const one of plane) {
      for (const other of sorted) {
        if (other.bits.box[1] > one.bits.box[3]) break;
        if (other.bits.box[3] < one.bits.box[1] || other.objectId === one.objectId || found.get(one.objectId)?.has(other.objectId) === true || !how(one.bits, other.bits)) continue;
        join(one.objectId, other.objectId);
        join(other.objectId, one.objectId);
      }
    }
  };
  const byPlane = new Map<number, Map<number, Mask[]>>();
  for (const mask of masksAsZPlanes(masks)) {
    if (mask.area === 0) continue;
    const plane = byPlane.get(mask.index) ?? new Map<number, Mask[]>();
    byPlane.set(mask.index, plane.set(mask.objectId, [...plane.get(mask.objectId) ?? [], mask]));
  }
  let below: readonly Placed[] = [];
  let lastZ = -1;
  for (const z of [...byPlane.keys()].sort((a, b) => a - b)) {
    const plane = [...byPlane.get(z)!].map(([objectId, own]): Placed => ({ objectId, bits: bitPlane(own) }));
    each(plane, lastZ === z - 1 ? below : [], meet);
    below = plane;
    lastZ = z;
  }
  return found;
}
