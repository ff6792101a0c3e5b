import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/contracts/finding.ts';
import { compareFindings } from '../../../src/domain/drift/compare-findings.ts';
import { type Planned, finding, survey, table } from './surveys.ts';

/** A table of which so many rows were drawn. */
const sampled = (rows: number, drawn: number, method = 'random') => ({
  ...table('notes'),
  rows: { basis: 'exact', count: rows } as const,
  sample: { method, percent: (100 * drawn) / rows, rows: drawn },
});

const blank = (rows: number, of: number, more: Partial<Finding> = {}): Finding =>
  finding('blank-text', 'notes', ['note'], rows, { of, basis: 'sample', ...more });

const changes = (was: Planned, is: Planned) => compareFindings(survey(1, is), [survey(0, was)]).changes;
const state = (was: Planned, is: Planned) => changes(was, is)[0]?.state;
const of = (
  measured: ReturnType<typeof sampled> | ReturnType<typeof table>,
  ...findings: readonly Finding[]
): Planned => ({
  tables: [measured],
  findings,
  rules: ['blank-text', 'negative-value', 'duplicate-key'],
});

describe('findings in samples of a table', () => {
  it('are neither new nor gone where the other sample may have missed them', () => {
    const [empty, some] = [of(sampled(350_000, 50_000)), of(sampled(350_000, 50_000), blank(3, 50_000))];
    expect(changes(empty, some)).toMatchObject([{ state: 'not_compared', detail: expect.stringMatching(/sample/) }]);
    expect(changes(some, empty)).toMatchObject([{ state: 'not_looked_at', reason: 'not_measured' }]);
    // Counted or not: what was counted in all rows may be missed by a sample of them.
    const counted = of({ ...table('notes') }, blank(4, 350_000, { basis: 'exact' }));
    expect(state(counted, empty)).toBe('not_looked_at');
  });

  it('are new or gone where no sample of that size could have missed them', () => {
    const [empty, many] = [of(sampled(350_000, 50_000)), of(sampled(350_000, 50_000), blank(500, 50_000))];
    expect(state(empty, many)).toBe('new');
    expect(state(many, empty)).toBe('gone');
    // Of rows that were drawn together, all may share the flaw, and of a beginning the rest is not known.
    const firsts = (...findings: readonly Finding[]) => of(sampled(350_000, 50_000, 'first rows'), ...findings);
    const pages = (...findings: readonly Finding[]) => of(sampled(350_000, 50_000, 'system'), ...findings);
    expect(state(firsts(), firsts(blank(500, 50_000)))).toBe('not_compared');
    expect(state(pages(), pages(blank(500, 50_000)))).toBe('not_compared');
    // A rule that needs a share, which one sample reaches and another does not.
    const few = finding('negative-value', 'notes', ['id'], 4_990, { of: 50_000, basis: 'sample' });
    expect(state(empty, of(sampled(350_000, 50_000), few))).toBe('not_compared');
  });

  it('are told of where the database declares what is counted in all rows', () => {
    const twice = finding('duplicate-key', 'notes', ['id'], 2);
    const plain = sampled(350_000, 50_000);
    const keyed = {
      ...plain,
      schema: { ...plain.schema, constraints: [{ kind: 'primary_key', columns: ['id'] } as const] },
    };
    expect(state(of(keyed), of(keyed, twice))).toBe('new');
    expect(state(of(keyed, twice), of(keyed))).toBe('gone');
    expect(state(of(plain, twice), of(plain))).toBe('not_looked_at');
  });

  it('have grown or shrunk only beyond what sampling explains', () => {
    const found = (rows: number, total = 350_000) => of(sampled(total, 50_000), blank(rows, 50_000));
    expect(state(found(2), found(9))).toBe('unchanged');
    expect(state(found(100), found(400))).toBe('grown');
    expect(state(found(400), found(100))).toBe('shrunk');
    // All rows counted, of one of the two.
    const counted = (rows: number) =>
      of({ ...table('notes'), rows: { basis: 'exact', count: 350_000 } }, blank(rows, 350_000, { basis: 'exact' }));
    expect(state(counted(28), found(2))).toBe('unchanged');
    expect(state(counted(28), found(400))).toBe('grown');
  });

  it('are never new, gone, grown or shrunk in samples of what did not change', () => {
    const drawn = 2_000;
    const total = 20_000;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: total })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.integer(),
        fc.boolean(),
        fc.boolean(),
        (flaws, seed, isScaled, isWhole) => {
          const random = randomFrom(seed);
          const draw = (whole: boolean): Planned => {
            const size = whole ? total : drawn;
            const found = flaws.flatMap((wrong, index) => {
              const rows = whole ? wrong : drawnWrong(random, drawn, wrong / total);
              const scale = isScaled && !whole ? total / drawn : 1;
              return rows === 0
                ? []
                : [
                    finding('blank-text', 'notes', [`c${index}`], rows * scale, {
                      of: size * scale,
                      basis: whole ? 'exact' : 'sample',
                    }),
                  ];
            });
            const columns = flaws.map((_, index) => `c${index}`);
            const measured = { ...table('notes', columns), rows: { basis: 'exact', count: total } as const };
            const tables = [whole ? measured : { ...measured, sample: sampled(total, drawn).sample }];
            return { tables, findings: found, rules: ['blank-text'] };
          };
          const told = changes(draw(isWhole), draw(false)).map((one) => one.state);
          expect(told.filter((one) => ['new', 'gone', 'grown', 'shrunk'].includes(one))).toEqual([]);
        },
      ),
      { numRuns: 200, seed: 20_250_701 },
    );
  });
});

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** How many of the rows that are drawn are wrong. */
const drawnWrong = (random: () => number, rows: number, share: number): number =>
  Array.from({ length: rows }, random).filter((value) => value < share).length;
