// Which objects of a frame hang together: a union-find whose roots are the smallest ids.

export class Clusters {
  readonly #frames = new Map<number, Map<number, number>>();

  /** The smallest object id that hangs together with this one in the frame; itself when it stands alone. */
  smallest(t: number, objectId: number): number {
    const parents = this.#frames.get(t);
    if (parents === undefined) return objectId;
    let root = objectId;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    // The path is shortened, so that long chains stay cheap.
    for (let at = objectId; at !== root; ) {
      const next = parents.get(at)!;
      parents.set(at, root);
      at = next;
    }
    return root;
  }

  join(t: number, a: number, b: number): void {
    const rootA = this.smallest(t, a);
    const rootB = this.smallest(t, b);
    if (rootA === rootB) return;
    let parents = this.#frames.get(t);
    if (parents === undefined) {
      parents = new Map();
      this.#frames.set(t, parents);
    }
    parents.set(Math.max(rootA, rootB), Math.min(rootA, rootB));
  }
}
