// Ids numbered in the order they are met in, so that what is kept of them lies in flat arrays. Ground is number 0.

/** Ids from here on are looked up in a map: an array up to them would be larger than the label image that has them. */
const denseIds = 2 ** 25;

/** Memory: 4 bytes for every whole number up to the greatest id below 2^25, and 4 a label. */
export class LabelNumbers {
  /** By id, its number + 1. */
  #dense = new Int32Array(1024);
  readonly #sparse = new Map<number, number>();
  #ids = new Uint32Array(64);
  #count = 0;

  constructor() {
    this.of(0);
  }

  /** Ground included. */
  get count(): number {
    return this.#count;
  }

  /** The number of an id; a new one when it has none yet. */
  of(id: number): number {
    const known = this.find(id);
    return known >= 0 ? known : this.#add(id);
  }

  /** -1 for an id that was not met. */
  find(id: number): number {
    if (id < this.#dense.length) return this.#dense[id]! - 1;
    return id < denseIds ? -1 : this.#sparse.get(id) ?? -1;
  }

  /** All ids ascending, and the numbers they have. */
  sorted(): { readonly ids: Uint32Array; readonly numbers: Uint32Array } {
    const ids = this.#ids.slice(0, this.#count).sort();
    return { ids, numbers: ids.map((id) => this.find(id)) };
  }

  #add(id: number): number {
    const number = this.#count++;
    if (id >= denseIds) this.#sparse.set(id, number);
    else {
      if (id >= this.#dense.length) {
        const longer = new Int32Array(Math.max(2 * this.#dense.length, id + 1));
        longer.set(this.#dense);
        this.#dense = longer;
      }
      this.#dense[id] = number + 1;
    }
    if (number >= this.#ids.length) {
      const longer = new Uint32Array(2 * this.#ids.length);
      longer.set(this.#ids);
      this.#ids = longer;
    }
    this.#ids[number] = id;
    return number;
  }
}
