import { distance } from 'fastest-levenshtein';

/** What somebody who wrote this word may have meant, best first: a third of the letters may be wrong, at least two. */
export const nearest = (word: string, candidates: readonly string[]): readonly string[] => {
  const allowed = Math.max(2, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ away, candidate }) => away <= allowed && away < candidate.length)
    .toSorted((a, b) => a.away - b.away)
    .map(({ candidate }) => candidate);
};
