import { expect, it } from 'vitest';
import { itemBytes, readUnits } from './request-units.ts';

const text = (length: number) => ({ S: 'x'.repeat(length) });

it('counts the bytes of names and values', () => {
  expect(itemBytes({ pk: { S: 'TENANT#ü' }, n: { N: '1234' }, b: { BOOL: true } })).toBe(2 + 9 + (1 + 3) + (1 + 1));
  expect(itemBytes({ d: { M: { a: { S: 'xy' }, l: { L: [{ NULL: true }] } } } })).toBe(
    1 + 3 + (1 + 1 + 2) + (1 + 1 + 5),
  );
});

it('reads 4 KB with one unit, half a unit where it need not be the latest, and one unit where nothing is', () => {
  const four = { a: text(4_095) };
  expect(readUnits([], true)).toBe(1);
  expect(readUnits([four], true)).toBe(1);
  expect(readUnits([four], false)).toBe(0.5);
  expect(readUnits([four, { a: text(1) }], true)).toBe(2);
});
