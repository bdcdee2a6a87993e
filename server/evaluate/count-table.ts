// Counts by two whole numbers, of which few pairs occur: a hash table with open addresses, in two flat arrays.

/** The first number is below 2^27, the second below 2^26: together they are a float64's whole number. */
const secondRange = 2 ** 26;

/** Numbers and counts sorted by the first, then the second. */
export interface SortedCounts {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly counts: Float64Array;
}

/** Memory: 16 bytes a place, of which at most two thirds are taken. */
export class CountTable {
  #keys = new Float64Array(1024).fill(-1);
  #counts = new Float64Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(first: number, second: number, count: number): void {
    const at = this.#placeOf(first, second);
    if (this.#keys[at] === -1) {
      this.#keys[at] = first * secondRange + second;
      this.#size++;
    }
    this.#counts[at]! += count;
    if (3 * this.#size > 2 * this.#keys.length) this.#grow();
  }

  get(first: number, second: number): number {
    return this.#counts[this.#placeOf(first, second)]!;
  }

  /** @param firstOrder the numbers that stand for 0, 1, ... in the result, likewise secondOrder; as they are when left out */
  sorted(firstOrder?: Uint32Array, secondOrder?: Uint32Array): SortedCounts {
    const [firstRank, secondRank] = [inverse(firstOrder), inverse(secondOrder)];
    const keys = new Float64Array(this.#size);
    for (let at = 0, to = 0; at < this.#keys.length; at++) {
      const key = this.#keys[at]!;
      if (key === -1) continue;
      const [first, second] = [Math.floor(key / secondRange), key % secondRange];
      keys[to++] = (firstRank?.[first] ?? first) * secondRange + (secondRank?.[second] ?? second);
    }
    keys.sort();
    const found = { first: new Uint32Array(keys.length), second: new Uint32Array(keys.length), counts: new Float64Array(keys.length) };
    for (let at = 0; at < keys.length; at++) {
      const first = found.first[at] = Math.floor(keys[at]! / secondRange);
      const second = found.second[at] = keys[at]! % secondRange;
      found.counts[at] = this.get(firstOrder?.[first] ?? first, secondOrder?.[second] ?? second);
    }
    return found;
  }

  /** Where the pair is, or the free place where it would be. */
  #placeOf(first: number, second: number): number {
    const keys = this.#keys;
    const key = first * secondRange + second;
    const mask = keys.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = (hash ^ (hash >>> 13)) & mask;
    while (keys[at] !== key && keys[at] !== -1) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(2 * keys.length).fill(-1);
    this.#counts = new Float64Array(2 * keys.length);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!;
      if (key === -1) continue;
      const to = this.#placeOf(Math.floor(key / secondRange), key % secondRange);
      this.#keys[to] = key;
      this.#counts[to] = counts[at]!;
    }
  }
}

function inverse(order: Uint32Array | undefined): Uint32Array | undefined {
  if (order === undefined) return undefined;
  const rank = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) rank[order[at]!] = at;
  return rank;
}
