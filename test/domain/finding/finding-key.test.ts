import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../../src/contracts/finding.ts';
import { findingKey, maxKeyLength } from '../../../src/domain/finding/finding-key.ts';

/** Names as databases allow them: any character, half characters and those that divide a key among them. */
const name = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'B', '/', ',', '#', '%', '~', ' ', '2', 'f', '\u{1F642}', '\uD83D', '\uDE42', 'é', '\n'),
    maxLength: 6,
  }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ minLength: 200, maxLength: 300 }),
);
const place = fc.record(
  { source: fc.constantFrom('main', 'crm'), table: name, columns: fc.array(name, { maxLength: 3 }), part: name },
  { requiredKeys: ['source', 'table', 'columns'] },
);

describe('The key of a finding', () => {
  it('can be read, and is the same in every run', () => {
    expect(findingKey('missing-values', { source: 'main', table: 'sales.orders', columns: ['Straße', 'note'] })).toBe(
      'missing-values/main/sales.orders/Straße,note',
    );
    expect(findingKey('duplicate-rows', { source: 'main', table: 'a/b', columns: [] })).toBe(
      'duplicate-rows/main/a%2fb/',
    );
    expect(findingKey('gap-in-time', { source: 'main', table: 't', columns: ['at'], part: '2025-01-01 10:00' })).toBe(
      'gap-in-time/main/t/at#2025-01-01%2010:00',
    );
  });

  it('differs wherever the places differ', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const same = JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
        expect(findingKey('orphan', one) === findingKey('orphan', other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs by its rule', () => {
    fc.assert(
      fc.property(place, (one) => {
        expect(findingKey('orphan', one)).not.toBe(findingKey('outlier', one));
      }),
    );
  });

  it('is bounded, well-formed, and one word without quotes', () => {
    fc.assert(
      fc.property(place, (one) => {
        const key = findingKey('orphan', one);
        expect(key.length).toBeLessThanOrEqual(maxKeyLength);
        expect(key.isWellFormed()).toBe(true);
        expect(key).not.toMatch(/[\s"'`\\<>\p{C}]/u);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends with a hash where the place has a long name, whichever part of it differs', () => {
    const long = (end: string): string =>
      findingKey('orphan', { source: 'main', table: 'x'.repeat(400), columns: ['a'], part: end });
    expect(long('1')).toMatch(/^orphan\/main\/x+~[0-9a-f]{32}$/);
    expect(long('1')).toHaveLength(maxKeyLength);
    expect(long('1')).not.toBe(long('2'));
  });
});

const canonical = ({ source, table, columns, part }: Place): unknown => [source, table, columns, part ?? null];
