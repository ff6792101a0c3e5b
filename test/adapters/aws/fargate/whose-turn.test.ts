import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../../src/adapters/aws/fargate/ticket.ts';
import { whoseTurn } from '../../../../src/adapters/aws/fargate/whose-turn.ts';

const ticket = (tenant: string, id: string, second: number): Ticket => {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    tenant,
    holder: { kind: 'run', id },
    attempt: 1,
    entered_at: at,
    asked_at: at,
    token: 'x'.repeat(43),
    starts: 0,
  };
};
const ids = (tickets: readonly Ticket[]): readonly string[] => tickets.map(({ holder }) => holder.id);

describe('whose turn it is', () => {
  it('is that of the tenant that holds fewest, then of who has waited longest', () => {
    const waiting = [ticket('a', 'a1', 1), ticket('a', 'a2', 2), ticket('b', 'b1', 5), ticket('c', 'c1', 9)];
    expect(ids(whoseTurn(waiting, [], []))).toEqual(['a1', 'b1', 'c1', 'a2']);
    expect(ids(whoseTurn(waiting, [{ tenant: 'a' }, { tenant: 'b' }], []))).toEqual(['c1', 'a1', 'b1', 'a2']);
  });

  it('is in the order of entry within a tenant, and never drops or repeats one', () => {
    const waiting = Array.from({ length: 60 }, (_, n) => ticket(`t${n % 7}`, `r${n}`, (n * 37) % 60));
    const order = whoseTurn(
      waiting,
      Array.from({ length: 9 }, (_, n) => ({ tenant: `t${n % 2}` })),
      [],
    );
    expect(new Set(ids(order)).size).toBe(60);
    for (const tenant of ['t0', 't3']) {
      const times = order.filter((one) => one.tenant === tenant).map(({ entered_at }) => entered_at);
      expect(times).toEqual(times.toSorted());
    }
  });

  it('goes round between tenants that hold equally many, from who has waited longest', () => {
    const waiting = [ticket('a', 'a1', 1), ticket('a', 'a2', 2), ticket('b', 'b1', 5)];
    const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    expect(ids(whoseTurn(waiting, [], [{ tenant: 'a', at: at(0) }]))[0]).toBe('a1');
    expect(ids(whoseTurn(waiting.slice(1), [], [{ tenant: 'a', at: at(9) }]))[0]).toBe('b1');
    expect(ids(whoseTurn(waiting.slice(1), [], [{ tenant: 'b', at: at(9) }]))[0]).toBe('a2');
  });

  it('counts the places that those before are to get', () => {
    const many = Array.from({ length: 6 }, (_, n) => ticket('a', `a${n}`, n));
    expect(ids(whoseTurn([...many, ticket('b', 'b1', 30)], [], []))).toEqual([
      'a0',
      'b1',
      'a1',
      'a2',
      'a3',
      'a4',
      'a5',
    ]);
  });
});
