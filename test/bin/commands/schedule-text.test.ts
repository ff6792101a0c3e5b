import { describe, expect, it } from 'vitest';
import { schedulesTable, scheduleText } from '../../../bin/commands/schedule-text.ts';
import type { ScheduleView } from '../../../src/contracts/schedule.ts';
import { showSchedule } from '../../../src/use-cases/show-schedule.ts';
import { sampleSchedule } from '../../contracts/stores/samples.ts';

const now = new Date('2026-02-02T12:30:00Z');
const good = { ...sampleSchedule('acme'), expression: 'rate(6 hours)', time_zone: 'UTC' };
const last = { due_at: '2026-02-02T06:00:00.000Z', outcome: 'started' } as const;
const bad = { ...good, name: 'bad', time_zone: '\u001b]0;PWNED\u0007\u009b2J', last };

describe('schedules as text', () => {
  it('tell of one whose time zone nobody knows, with its times in UTC, and of all others', () => {
    const views: readonly ScheduleView[] = [showSchedule(bad, now), showSchedule(good, now)];
    expect(views[0]?.problem).toMatch(/is no time zone/);
    const table = schedulesTable({ schedules: views });
    expect(table).toMatch(/bad .*not known here.*cannot be read.*2026-02-02 06:00 \+00:00 started/);
    expect(table).toContain(good.name);
    expect(scheduleText(showSchedule(bad, now))).toMatch(/problem .*is no time zone/);
  });

  it('hold nothing that a terminal would act on', () => {
    const odd = { ...showSchedule(bad, now), expression: 'rate(1 \u001b[2J)' };
    const cursor = 'a\u001b[31mb';
    for (const text of [schedulesTable({ schedules: [odd], next_cursor: cursor }), scheduleText(odd)])
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
