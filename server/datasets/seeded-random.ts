// Random numbers that a seed fixes, the same on every machine.

export interface Random {
  /** In [0, 1). */
  uniform(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
}

/** Steele, Lea and Flood's SplitMix (OOPSLA 2014) with 32 bits of state, finished by the two multiplications of MurmurHash3. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
  return { uniform, below: (count) => Math.floor(uniform() * count) };
}

/** A new array in a random order (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const order = [...values];
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
