import { describe, expect, it } from 'vitest';
import { isDue } from '../../../src/domain/schedule/is-due.ts';
import { sampleSchedule } from '../../contracts/stores/samples.ts';

const schedule = {
  ...sampleSchedule('acme'),
  expression: 'cron(0 * * * ? *)',
  time_zone: 'UTC',
  changed_at: '2026-01-31T05:30:00.000Z',
};
const call = { due_at: '2026-01-31T06:00:00Z', changed_at: schedule.changed_at };

describe('a schedule that is called', () => {
  it('is due at its time, however late it is called', () => {
    expect(isDue(schedule, call)).toBe(true);
  });

  it('is not due while it is paused', () => {
    expect(isDue({ ...schedule, paused: true }, call)).toBe(false);
  });

  it('is not due for a time before it was made or changed', () => {
    expect(isDue(schedule, { ...call, due_at: '2026-01-31T05:00:00Z' })).toBe(false);
  });

  it('is not due for a time before one that was handled', () => {
    const last = { due_at: '2026-01-31T07:00:00.000Z', outcome: 'started' } as const;
    expect(isDue({ ...schedule, last }, call)).toBe(false);
    expect(isDue({ ...schedule, last }, { ...call, due_at: '2026-01-31T07:00:00Z' })).toBe(true);
  });

  it('is due by what is stored where the scheduler does not know of the last change yet', () => {
    const before = '2026-01-31T04:00:00.000Z';
    expect(isDue(schedule, { ...call, changed_at: before })).toBe(true);
    expect(isDue(schedule, { due_at: '2026-01-31T06:15:00Z', changed_at: before })).toBe(false);
  });
});
