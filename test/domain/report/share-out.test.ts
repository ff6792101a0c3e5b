import { describe, expect, it } from 'vitest';
import { shareOut } from '../../../src/domain/report/share-out.ts';

describe('sharing out places', () => {
  it('gives all they want where there is enough', () => {
    expect(shareOut([3, 300, 0], 400)).toEqual([3, 300, 0]);
  });

  it('lets the large ones wait for the small ones', () => {
    expect(shareOut([300, 3, 3], 100)).toEqual([94, 3, 3]);
  });

  it('gives equal parts where all are large, and never more than there is', () => {
    expect(shareOut([300, 300, 300], 100)).toEqual([33, 33, 34]);
    expect(shareOut([5, 5], 1)).toEqual([0, 1]);
    expect(shareOut([], 10)).toEqual([]);
  });
});
