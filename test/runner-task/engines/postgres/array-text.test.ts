import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArray, type ArrayItem } from '../../../../runner-task/supervisor/engines/postgres/array-text.ts';

const asIs = (text: string): string => text;

/** As the server writes it, with every element in quotes. */
const write = (item: ArrayItem<string>): string => {
  if (item === null) return 'NULL';
  if (typeof item === 'string') return `"${item.replaceAll(/["\\]/g, '\\$&')}"`;
  return `{${item.map(write).join(',')}}`;
};

describe('an array of PostgreSQL', () => {
  it('is read back as it was written, whatever its elements hold', () => {
    const element = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null));
    const arrays = fc.oneof(fc.array(element), fc.array(fc.array(element, { minLength: 1 }), { minLength: 1 }));
    fc.assert(
      fc.property(arrays, (array) => {
        expect(parseArray(write(array), asIs)).toEqual(array);
      }),
    );
  });

  it.each(['', '1', '{', '{1', '{1}}', '{1}x', '{"a}', '{a"b', '[1:2]', '{\\'])('is not %j', (text) => {
    expect(() => parseArray(text, asIs)).toThrow(SyntaxError);
  });

  it('may have a hundred thousand elements', () => {
    const long = Array.from({ length: 100_000 }, (_, index) => [String(index)]);
    expect(parseArray(write(long), asIs)).toHaveLength(100_000);
  });
});
