import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missedDue } from '../../../src/domain/schedule/missed-due.ts';
import { nextDue } from '../../../src/domain/schedule/next-due.ts';
import { readExpression } from '../../../src/domain/schedule/read-expression.ts';

const created = new Date('2026-01-01T10:20:00.000Z');
const times = (expression: string, zone: string, from: string, count: number): readonly string[] => {
  const due = readExpression(expression, zone);
  const found: string[] = [];
  for (let after: Date | undefined = new Date(from); after !== undefined && found.length < count;) {
    after = nextDue(due, created, after);
    if (after !== undefined) found.push(after.toISOString().slice(0, 16));
  }
  return found;
};

describe('the next time at which a schedule is due', () => {
  it('of a rate counts from its last change', () => {
    expect(times('rate(6 hours)', 'UTC', '2026-01-01T10:20:00Z', 3)).toEqual([
      '2026-01-01T16:20',
      '2026-01-01T22:20',
      '2026-01-02T04:20',
    ]);
  });

  it('of a rate is never before one such time has passed', () => {
    expect(
      nextDue(readExpression('rate(1 day)', 'UTC'), created, new Date('2025-12-01T00:00:00Z'))?.toISOString(),
    ).toBe('2026-01-02T10:20:00.000Z');
  });

  it('of a cron expression is by the clock on the wall', () => {
    expect(times('cron(0 6 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T05:00',
      '2026-03-29T04:00',
      '2026-03-30T04:00',
    ]);
  });

  it('is not in the hour that a change of the clock leaves out', () => {
    expect(times('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
      '2026-03-31T00:30',
    ]);
  });

  it('is once in the hour that comes twice', () => {
    expect(times('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-23T12:00:00Z', 3)).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(times('cron(0 * * * ? *)', 'Europe/Berlin', '2026-10-24T23:30:00Z', 3)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T02:00',
      '2026-10-25T03:00',
    ]);
  });

  it('knows clocks that are put back by half an hour', () => {
    expect(times('cron(45 1 * * ? *)', 'Australia/Lord_Howe', '2026-04-03T20:00:00Z', 2)).toEqual([
      '2026-04-04T14:45',
      '2026-04-05T15:15',
    ]);
  });

  it('is none where the year has passed', () => {
    expect(times('cron(0 6 1 1 ? 2026)', 'UTC', '2026-02-01T00:00:00Z', 1)).toEqual([]);
  });

  it('of what was missed is the last time alone', () => {
    const due = readExpression('cron(0 6 * * ? *)', 'UTC');
    const now = new Date('2026-01-09T08:00:00Z');
    expect(missedDue(due, created, new Date('2026-01-05T06:00:00Z'), now)?.toISOString()).toBe(
      '2026-01-09T06:00:00.000Z',
    );
    expect(missedDue(due, created, new Date('2026-01-09T06:00:00Z'), now)).toBeUndefined();
  });

  it('of what was missed is on schedule and found at once, however often and long it was', () => {
    const due = readExpression('cron(* 2 * * ? *)', 'UTC');
    const begun = performance.now();
    expect(missedDue(due, created, created, new Date('2027-01-01T14:37:00Z'))?.toISOString()).toBe(
      '2027-01-01T02:59:00.000Z',
    );
    const often = readExpression('cron(* * * * ? *)', 'Europe/Berlin');
    expect(missedDue(often, created, created, new Date('2030-01-01T14:37:20Z'))?.toISOString()).toBe(
      '2030-01-01T14:37:00.000Z',
    );
    // One by one these are two million times, and seconds of every other request.
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('of what was missed is the one that counting one by one comes to', () => {
    const expressions = ['cron(0/13 * * * ? *)', 'cron(* 2 * * ? *)', 'cron(30 1,2 ? * SUN *)', 'cron(0 9 L * ? *)'];
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        fc.date({ min: new Date('2026-01-02'), max: new Date('2027-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 2 * 86_400_000 }),
        (expression, zone, handled, later) => {
          const due = readExpression(expression, zone);
          const now = new Date(handled.getTime() + later);
          let last: Date | undefined;
          for (let next = nextDue(due, created, handled); next !== undefined && next <= now;) {
            last = next;
            next = nextDue(due, created, next);
          }
          expect(missedDue(due, created, handled, now)?.toISOString()).toBe(last?.toISOString());
        },
      ),
      {
        numRuns: 60,
        examples: [
          ['cron(* 2 * * ? *)', 'Europe/Berlin', new Date('2026-10-24T12:00:00Z'), 86_400_000],
          ['cron(* 2 * * ? *)', 'Europe/Berlin', new Date('2026-03-28T12:00:00Z'), 86_400_000],
          ['cron(0/13 * * * ? *)', 'Australia/Lord_Howe', new Date('2026-04-04T12:00:00Z'), 86_400_000],
        ],
      },
    );
  });

  it('lies behind the time it was asked for, and what was missed between the two', () => {
    const expressions = ['rate(7 minutes)', 'cron(0/13 * * * ? *)', 'cron(30 2 ? * SUN *)', 'cron(0 9 L * ? *)'];
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        fc.date({ min: new Date('2026-01-02'), max: new Date('2027-12-31'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 3 * 86_400_000 }),
        (expression, zone, after, later) => {
          const due = readExpression(expression, zone);
          const next = nextDue(due, created, after);
          expect(next?.getTime()).toBeGreaterThan(after.getTime());
          const now = new Date(after.getTime() + later);
          const missed = missedDue(due, created, after, now);
          expect(missed === undefined).toBe(next !== undefined && next > now);
          expect(missed === undefined || (missed <= now && missed > after)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
