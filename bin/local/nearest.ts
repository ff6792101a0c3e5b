/** The number of letters to change, add or leave out to make one word of the other (Levenshtein). */
export const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of Array.from(a).entries()) {
    const next = [line + 1];
    for (let column = 1; column < row.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** What somebody who wrote this word may have meant, best first: a third of the letters may be wrong, at least two. */
export const nearest = (word: string, candidates: readonly string[]): readonly string[] => {
  const allowed = Math.max(2, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ away, candidate }) => away <= allowed && away < candidate.length)
    .toSorted((a, b) => a.away - b.away)
    .map(({ candidate }) => candidate);
};
