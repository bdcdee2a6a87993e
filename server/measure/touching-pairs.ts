// Which objects touch: a set of pairs of small whole numbers, in flat memory.

/** Numbers of a pair stay below this, so that the pair is one exact float64. */
const base = 2 ** 26;

export class TouchingPairs {
  /** Open addressing; -1 where there is none. */
  #keys = new Float64Array(1024).fill(-1);
  #count = 0;
  #last = -1;

  get count(): number {
    return this.#count;
  }

  add(a: number, b: number): void {
    const key = a < b ? a * base + b : b * base + a;
    // Surfaces touch over many rows.
    if (key === this.#last) return;
    this.#last = key;
    if (!put(this.#keys, key)) return;
    if (++this.#count * 2 > this.#keys.length) this.#grow();
  }

  forEach(use: (a: number, b: number) => void): void {
    for (const key of this.#keys) if (key >= 0) use(Math.floor(key / base), key % base);
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#keys.length).fill(-1);
    for (const key of this.#keys) if (key >= 0) put(larger, key);
    this.#keys = larger;
  }
}

/** @returns whether it is new; @param keys of a length that is a power of 2 */
function put(keys: Float64Array, key: number): boolean {
  const mask = keys.length - 1;
  const mixed = Math.imul(Math.floor(key / base) ^ Math.imul(key % base, 0x9e3779b1), 0x85ebca6b);
  let at = (mixed ^ (mixed >>> 15)) & mask;
  while (keys[at]! !== key) {
    if (keys[at]! < 0) {
      keys[at] = key;
      return true;
    }
    at = (at + 1) & mask;
  }
  return false;
}
