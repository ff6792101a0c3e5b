import fc from 'fast-check';

const tokensOf = (sql: string): string[] => sql.match(/\s+|\w+|[^\w\s]/g) ?? [];

/** Statements made of harmless ones by a few changes each: tokens lost, doubled, swapped, and hostile fragments put in. */
export const mutatedStatements = (seeds: readonly string[], fragments: readonly string[]): fc.Arbitrary<string> => {
  const change = fc.record({
    kind: fc.constantFrom('insert', 'insert', 'replace', 'replace', 'drop', 'double', 'swap'),
    at: fc.nat(400),
    fragment: fc.constantFrom(...fragments),
  });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([seed, changes]) => {
      const tokens = tokensOf(seed);
      for (const { kind, at, fragment } of changes) {
        const place = at % Math.max(1, tokens.length);
        const token = tokens[place] ?? '';
        if (kind === 'insert') tokens.splice(place, 0, fragment);
        else if (kind === 'replace') tokens[place] = fragment;
        else if (kind === 'drop') tokens.splice(place, 1);
        else if (kind === 'double') tokens.splice(place, 0, token);
        else tokens.splice(place, 2, tokens[place + 1] ?? '', token);
      }
      return tokens.join('');
    });
};

/** How many mutated statements a run makes; more by SURVEYOR_FUZZ_RUNS. */
export const fuzzRuns = Number(process.env['SURVEYOR_FUZZ_RUNS'] ?? 1_500);
