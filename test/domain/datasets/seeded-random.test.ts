import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawUntil, rowPicker, seededRandom, withDuplicates } from '../../../src/domain/datasets/seeded-random.ts';

describe('a seeded stream', () => {
  it('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('stays within what was asked for, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -1_000, max: 1_000 }), fc.nat(1_000), (seed, from, width) => {
        const random = seededRandom(seed);
        const [next, integer, normal] = [random.next(), random.integer(from, from + width), random.normal(5, 2)];
        expect(next >= 0 && next < 1).toBe(true);
        expect(Number.isInteger(integer) && integer >= from && integer <= from + width).toBe(true);
        expect(normal >= -7 && normal <= 17).toBe(true);
        expect(['a', 'b']).toContain(random.pick(['a', 'b']));
      }),
    );
  });

  it('weighs', () => {
    const random = seededRandom(1);
    const drawn = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ['often', 90],
        ['never', 0],
        ['rarely', 10],
      ]),
    );
    const often = drawn.filter((item) => item === 'often').length;
    expect(often).toBeGreaterThan(8_800);
    expect(often).toBeLessThan(9_200);
    expect(drawn).not.toContain('never');
  });

  it('has chances', () => {
    const random = seededRandom(2);
    const hits = Array.from({ length: 10_000 }, () => random.chance(0.25)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(2_300);
    expect(hits).toBeLessThan(2_700);
  });

  it('says so where there is nothing to choose from', () => {
    expect(() => seededRandom(1).pick([])).toThrow('There is nothing to choose from');
    expect(() => seededRandom(1).weighted([])).toThrow('There is nothing to choose from');
  });
});

describe('drawing until a draw suits', () => {
  it('gives the first that does', () => {
    let drawn = 0;
    expect(
      drawUntil(
        () => (drawn += 1),
        (value) => value % 7 === 0,
      ),
    ).toBe(7);
  });

  it('gives up where none does', () => {
    expect(() =>
      drawUntil(
        () => 1,
        () => false,
      ),
    ).toThrow('Nothing that was drawn suits');
  });
});

describe('a row picker', () => {
  const rows = Array.from({ length: 20 }, (_, id) => ({ id }));

  it('hands out each row at most once', () => {
    const take = rowPicker(seededRandom(3), rows);
    const taken = [...take(8, ({ id }) => id % 2 === 0), ...take(5), ...take(3)];
    expect(new Set(taken).size).toBe(16);
    expect(taken.slice(0, 8).every(({ id }) => id % 2 === 0)).toBe(true);
  });

  it('refuses to hand out more than suit', () => {
    const take = rowPicker(seededRandom(3), rows);
    expect(() => take(3, ({ id }) => id < 2)).toThrow('3 rows were asked for, 2 suit');
  });
});

it('puts a copy right behind each row that is to be there twice', () => {
  const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  expect(withDuplicates([a, b, c], [b])).toEqual([a, b, b, c]);
});
