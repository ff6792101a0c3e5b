const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** What differs from run to run, as its kind: times, how long something took, links that work once, processes, widths. */
const withoutChance = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d+)?Z/g, '<time>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/\b\d+(\.\d+)? (ms|s|min|h)\b( \d+ (s|min)\b)?/g, '<duration>')
    .replaceAll(/code=[\w-]+/g, 'code=<code>')
    .replaceAll(/\bprocess \d+/g, 'process <number>')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '')
    .trim();

const runId = /\b0[0-9A-HJKMNP-TV-Z]{25}\b/g;

/** Ids of runs by the order in which they are first seen, so that the same id stays the same. */
const numberIds = (text: string, seen: Map<string, number>): string =>
  text.replaceAll(runId, (id) => {
    if (!seen.has(id)) seen.set(id, seen.size + 1);
    return `<run ${seen.get(id)}>`;
  });

/** Compares what pages say with what was printed; one for a page, whose ids of runs go on from example to example. */
export const createComparison = (): {
  /** Both sides as they are compared; equal where the page is right. `…` stands for anything, and alone for any lines. */
  compare(said: string, printed: string): { readonly said: string; readonly printed: string };
  /** A command of the page with the ids that were printed in the place of those that the page shows. */
  withRealIds(command: string): string;
} => {
  const saidIds = new Map<string, number>();
  const printedIds = new Map<string, number>();
  return {
    withRealIds: (command) =>
      command.replaceAll(runId, (id) => {
        const real = [...printedIds].find(([, number]) => number === saidIds.get(id));
        return real?.[0] ?? id;
      }),
    compare: (said, printed) => {
      const expected = withoutChance(numberIds(said, saidIds));
      const actual = withoutChance(numberIds(printed, printedIds));
      const pattern = expected
        .split(/^ *… *$/m)
        .map((part) => part.split('…').map(escaped).join('[^\\n]*'))
        .join('[^]*');
      return { said: expected, printed: new RegExp(`^${pattern}$`).test(actual) ? expected : actual };
    },
  };
};
