/** A sandbox takes statements of 100,000 characters; the rest is for what a statement holds besides its parts. */
const longest = 80_000;

/** Cuts a list into runs of at most `most` items whose texts together stay below the longest statement. */
export const inChunks = <T>(items: readonly T[], most: number, lengthOf: (item: T) => number): readonly (readonly T[])[] => {
  const chunks: T[][] = [];
  let room = 0;
  for (const item of items) {
    const chunk = chunks.at(-1);
    const length = lengthOf(item);
    if (chunk === undefined || chunk.length === most || length > room) {
      chunks.push([item]);
      room = longest - length;
    } else {
      chunk.push(item);
      room -= length;
    }
  }
  return chunks;
};
