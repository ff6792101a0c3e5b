/**
 * Divides a limited number of places fairly: the small ones get all they want, the large ones equal parts of the rest.
 * So one table of 300 columns does not push out 199 tables of three.
 */
export const allocateFairly = (wanted: readonly number[], places: number): readonly number[] => {
  let left = places;
  const given = wanted.map(() => 0);
  const smallestFirst = wanted.map((size, index) => ({ size, index })).sort((a, b) => a.size - b.size);
  for (const [served, { size, index }] of smallestFirst.entries()) {
    const part = Math.min(size, Math.floor(left / (wanted.length - served)));
    given[index] = part;
    left -= part;
  }
  return given;
};
