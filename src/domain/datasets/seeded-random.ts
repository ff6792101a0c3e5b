/** A stream of choices that is the same for the same seed, on every machine. */
export type SeededRandom = {
  /** At least 0, below 1. */
  next(): number;
  /** Both ends included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks by weight. */
  weighted<const T>(items: readonly (readonly [T, number])[]): T;
  /** Bell-shaped; never beyond six deviations. */
  normal(mean: number, deviation: number): number;
};

/** Mulberry32: 32 bits of state are plenty for sample data, and it is integer arithmetic alone. */
export const seededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const at = <T>(items: readonly T[], index: number): T => {
    if (index in items) return items[index] as T;
    throw new RangeError('There is nothing to choose from');
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (items) => at(items, integer(0, items.length - 1)),
    weighted: (items) => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return at(items, 0)[0];
    },
    // The sum of twelve: no logarithm or cosine, whose last digits differ between machines.
    normal: (mean, deviation) => {
      let sum = -6;
      for (let i = 0; i < 12; i += 1) sum += next();
      return mean + deviation * sum;
    },
  };
};

/** Draws until a draw suits. */
export const drawUntil = <T>(draw: () => T, suits: (drawn: T) => boolean): T => {
  for (let tries = 0; tries < 10_000; tries += 1) {
    const drawn = draw();
    if (suits(drawn)) return drawn;
  }
  throw new RangeError('Nothing that was drawn suits');
};

/** Hands out rows at random, each at most once, so that no row gets two flaws. */
export const rowPicker = <Row>(random: SeededRandom, rows: readonly Row[]) => {
  const free = new Set(rows);
  return (count: number, suits: (row: Row) => boolean = () => true): readonly Row[] => {
    const suitable = [...free].filter(suits);
    if (suitable.length < count) throw new RangeError(`${count} rows were asked for, ${suitable.length} suit`);
    return Array.from({ length: count }, () => {
      const [row] = suitable.splice(random.integer(0, suitable.length - 1), 1) as [Row];
      free.delete(row);
      return row;
    });
  };
};

/** Every row, those in `twice` followed by themselves once more. */
export const withDuplicates = <Row>(rows: readonly Row[], twice: readonly Row[]): readonly Row[] => {
  const marked = new Set(twice);
  return rows.flatMap((row) => (marked.has(row) ? [row, row] : [row]));
};
