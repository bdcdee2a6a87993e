// Typed arrays that grow: what is kept of objects whose number nobody knows beforehand.

interface Growable<A> {
  readonly length: number;
  set(values: A): void;
}

/** An array of at least `length` values that begins with those of `old`; twice as long, so that growing costs little; the rest are 0. */
export function grown<A extends Growable<A>>(old: A, length: number, make: (length: number) => A): A {
  if (length <= old.length) return old;
  const longer = make(Math.max(length, 2 * old.length));
  longer.set(old);
  return longer;
}
