import { describe, expect, it } from 'vitest';
import { allocateFairly } from '../../../src/domain/report/allocate-fairly.ts';

describe('sharing out places', () => {
  it('gives all they want where there is enough', () => {
    expect(allocateFairly([3, 300, 0], 400)).toEqual([3, 300, 0]);
  });

  it('lets the large ones wait for the small ones', () => {
    expect(allocateFairly([300, 3, 3], 100)).toEqual([94, 3, 3]);
  });

  it('gives equal parts where all are large, and never more than there is', () => {
    expect(allocateFairly([300, 300, 300], 100)).toEqual([33, 33, 34]);
    expect(allocateFairly([5, 5], 1)).toEqual([0, 1]);
    expect(allocateFairly([], 10)).toEqual([]);
  });
});
