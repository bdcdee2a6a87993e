// From what a pass over a frame has summed up to the measures of its objects and clusters.
import { setImmediate as turn } from "node:timers/promises";
import { throwIfCancelled } from "#protocol/errors.ts";
import type { ObjectMeasures, Watch } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { bodyDescriber } from "./describe-body.ts";
import { bodyOf, clusterRoots, joinBodies, meanConfidence } from "./object-clusters.ts";
import type { RowSweep } from "./row-sweep.ts";
import type { TouchingPairs } from "./touching-pairs.ts";

/** Objects are described for at most so long before others have their turn. */
const turnMs = 20;

export interface FrameSettings {
  readonly t: number;
  readonly size: Triple;
  readonly spacing: Triple;
  readonly confidence: ReadonlyMap<number, number> | undefined;
  readonly withIntensity: boolean;
}

export interface FrameMeasures {
  readonly objects: ObjectMeasures[];
  readonly clusters: ObjectMeasures[];
}

/** In the order that objects were met in. @throws cancelled */
export async function describeObjects(sweep: RowSweep, { t, size, spacing, confidence, withIntensity }: FrameSettings, { signal, onProgress }: Watch): Promise<FrameMeasures> {
  const { ids, count, middle } = sweep.objects;
  const describe = bodyDescriber({ size, middle, spacing });
  const roots = clusterRoots(sweep.objects, sweep.pairs);
  const touched = touchedObjects(sweep.pairs, count);
  const objects: ObjectMeasures[] = [];
  const clusters: ObjectMeasures[] = [];
  const turns = { last: performance.now() };
  const pause = async (): Promise<void> => {
    throwIfCancelled(signal);
    onProgress?.({ done: objects.length, total: count, unit: "objects" });
    await turn();
    turns.last = performance.now();
  };
  for (let own = 0; own < count; own++) {
    if (performance.now() - turns.last > turnMs) await pause();
    const objectId = ids[own]!;
    const contacts = Array.from(touched(own), (other) => ids[other]!).sort((a, b) => a - b);
    objects.push(describe(bodyOf(own, sweep, withIntensity), { objectId, clusterId: ids[roots[own]!]!, t, objects: 1, contacts, confidence: confidence?.get(objectId) ?? null }));
  }
  for (const [root, members] of groups(roots)) {
    if (performance.now() - turns.last > turnMs) await pause();
    const body = joinBodies(members.map((own) => bodyOf(own, sweep, withIntensity)));
    const id = ids[root]!;
    clusters.push(describe(body, { objectId: id, clusterId: id, t, objects: members.length, contacts: [], confidence: meanConfidence(members.map((own) => objects[own]!)) }));
  }
  onProgress?.({ done: count, total: count, unit: "objects" });
  return { objects, clusters };
}

/** The pairs by object, in flat memory: all that the first object touches, then all that the second does, and so on. */
function touchedObjects(pairs: TouchingPairs, count: number): (own: number) => Uint32Array {
  const ends = new Uint32Array(count + 1);
  pairs.forEach((a, b) => {
    ends[a + 1]!++;
    ends[b + 1]!++;
  });
  for (let own = 0; own < count; own++) ends[own + 1]! += ends[own]!;
  const starts = ends.slice();
  const touched = new Uint32Array(2 * pairs.count);
  pairs.forEach((a, b) => {
    touched[starts[a]!++] = b;
    touched[starts[b]!++] = a;
  });
  return (own) => touched.subarray(ends[own]!, ends[own + 1]!);
}

/** Objects of one root, where there are two or more. */
function groups(roots: Int32Array): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [own, root] of roots.entries()) if (own !== root) found.set(root, [root]);
  for (const [own, root] of roots.entries()) if (own !== root) found.get(root)!.push(own);
  return found;
}
