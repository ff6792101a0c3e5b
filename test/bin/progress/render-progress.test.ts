import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describeChanges } from '../../../bin/progress/describe-changes.ts';
import { duration } from '../../../bin/progress/number-text.ts';
import type { Step } from '../../../src/contracts/step.ts';
import type { RunView } from '../../../src/contracts/run.ts';
import { columns, fitText, printable } from '../../../bin/progress/fit-text.ts';
import { renderProgress } from '../../../bin/progress/render-progress.ts';
import { endedRun, sampleRun, sampleSteps } from '../fake-service.ts';

const now = new Date('2026-01-31T12:00:02.600Z');

const twoDatabases = (): RunView => {
  const [one] = sampleRun().sources;
  return { ...sampleRun(), sources: ['shop', 'books'].map((name) => ({ ...one!, name })) };
};

describe('the progress of a run', () => {
  it('shows states, turn, statement, time, tokens and dollars', () => {
    expect(renderProgress(sampleRun(), sampleSteps(), now, 80)).toEqual([
      'Surveying ecommerce → reports/ecommerce',
      '  ✓ profile         1.0 s  2 tables, 1 failed',
      '  ● cataloging      1.1 s  turn 1',
      '      execute_sql SELECT count(*) FROM orders',
      '  2.6 s · 42,334 tokens · $0.1234',
    ]);
  });

  it('shows what the compiler added only while it runs or where it failed', () => {
    const [take] = sampleSteps();
    const states = (['running', 'succeeded', 'failed'] as const).map((status) =>
      renderProgress(sampleRun(), [{ ...take!, status }], now, 80).filter((line) => line.includes('take-sandbox')),
    );
    expect(states.map((lines) => lines.length)).toEqual([1, 0, 1]);
  });

  it('says how far the sandbox is that a run waits for', () => {
    const [take] = sampleSteps();
    const line = (detail: string) =>
      renderProgress(sampleRun(), [{ ...take!, status: 'running', ended_at: undefined, detail }], now, 80)[1];
    expect(line('queued for a sandbox')).toMatch(/^ {2}● take-sandbox .* s {2}queued for a sandbox$/);
    expect(line('sandbox starting')).toMatch(/^ {2}● take-sandbox .* s {2}sandbox starting$/);
  });

  it('shows how many of the measured tables have been checked', () => {
    const [, profile, table] = sampleSteps();
    const child = (id: string, of: string, name: string, status: Step['status'], kind: Step['kind']): Step => ({
      ...table!,
      step_id: id,
      parent_id: of,
      name,
      kind,
      status,
      detail: id,
    });
    const tables = ['a', 'b', 'c', 'd'].map((id) => child(id, profile!.step_id, 't', 'succeeded', 'table'));
    const checks: Step = {
      ...profile!,
      step_id: 'checks',
      name: '_profile.checks',
      kind: 'control',
      status: 'running',
    };
    const checked = [
      child('e', 'checks', '_profile.check', 'succeeded', 'check'),
      child('f', 'checks', '_profile.check', 'failed', 'check'),
      child('orders', 'checks', '_profile.check', 'running', 'check'),
    ];
    const lines = renderProgress(sampleRun(), [profile!, ...tables, checks, ...checked], now, 80);
    expect(lines[2]).toMatch(/● profile\.checks .* checking 2 of 4 tables$/);
    expect(lines[3]).toBe('      orders');
  });

  it('says why a state failed', () => {
    const failure = { kind: 'TABLE_NOT_FOUND', message: 'There is no table "order".' };
    const steps = [{ ...sampleSteps()[1]!, status: 'failed' as const, failure }];
    expect(renderProgress(sampleRun(), steps, now, 80)[1]).toBe(
      '  ✗ profile      1.0 s  TABLE_NOT_FOUND: There is no table "order".',
    );
  });

  it.each([200, 80, 40, 21, 5, 1])('never fills more than %i columns', (width) => {
    for (const line of renderProgress(sampleRun(), sampleSteps(), now, width, picocolors.createColors(true))) {
      expect(columns(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
    }
  });

  it('is the same text with colours as without', () => {
    const colored = renderProgress(sampleRun(), sampleSteps(), now, 60, picocolors.createColors(true));
    expect(colored.join('')).toContain('\u001b[');
    expect(colored.map(stripVTControlCharacters)).toEqual(renderProgress(sampleRun(), sampleSteps(), now, 60));
  });

  it('lets no statement send escape sequences to the terminal', () => {
    const hostile = { ...sampleSteps()[6]!, detail: 'SELECT 1\u001b]0;owned\u0007\u001b[2J\u202e -- \u0000x' };
    const lines = renderProgress(sampleRun(), [sampleSteps()[4]!, hostile], now, 80);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines[2]).toContain('SELECT 1');
  });

  it('names the database of each table where there are several', () => {
    const measuring = sampleSteps()
      .slice(1, 3)
      .map((step) => ({ ...step, source: 'shop', status: 'running' as const }));
    const activity = (view: RunView) => renderProgress(view, measuring, now, 80)[2];
    expect(activity(sampleRun())).toBe('      customers');
    expect(activity(twoDatabases())).toBe('      shop › customers');
  });

  it('stops its clock when the run ends', () => {
    const later = new Date('2026-01-31T13:00:00.000Z');
    expect(renderProgress(endedRun(), [], later, 80).at(-1)).toMatch(/^ {2}9\.0 s ·/);
  });
});

describe('progress line by line', () => {
  it('tells each thing once, where it belongs and when it was', () => {
    const steps = sampleSteps();
    expect(describeChanges(sampleRun(), [], steps)).toEqual([
      '    0.8 s  profile › customers: done in 0.4 s',
      '    0.9 s  profile › orders: failed',
      '    1.4 s  profile: done in 1.0 s',
      '    1.5 s  cataloging: started',
      '    2.0 s  cataloging › turn 1: done in 0.4 s, 12,345 tokens, $0.0500',
      '    2.1 s  cataloging › execute_sql: SELECT count(*) FROM orders',
    ]);
    expect(describeChanges(sampleRun(), steps, steps)).toEqual([]);
  });

  it('names the database of each table where there are several', () => {
    const steps = sampleSteps().map((step) => (step.kind === 'table' ? { ...step, source: 'shop' } : step));
    expect(describeChanges(twoDatabases(), [], steps).slice(0, 2)).toEqual([
      '    0.8 s  profile › shop › customers: done in 0.4 s',
      '    0.9 s  profile › shop › orders: failed',
    ]);
  });

  it('tells the parts before the whole that ends in the same millisecond, and the next thing after it', () => {
    const at = '2026-01-31T12:00:01.500Z';
    const [, profile, customers] = sampleSteps();
    const steps = [{ ...profile!, ended_at: at }, { ...customers!, ended_at: at }, sampleSteps()[4]!];
    expect(describeChanges(sampleRun(), [], steps).map((line) => line.slice(11).split(':')[0])).toEqual([
      'profile › customers',
      'profile',
      'cataloging',
    ]);
  });

  it('tells how a tool call ended only where it was not seen to begin, or where it failed', () => {
    const [node, call] = [sampleSteps()[4]!, sampleSteps()[6]!];
    const done = { ...call, status: 'succeeded' as const, ended_at: '2026-01-31T12:00:02.300Z' };
    expect(describeChanges(sampleRun(), [node, call], [node, done])).toEqual([]);
    expect(describeChanges(sampleRun(), [node], [node, done])).toEqual([
      '    2.3 s  cataloging › execute_sql: SELECT count(*) FROM orders (0.2 s)',
    ]);
    const failure = { kind: 'STATEMENT_FAILED', message: 'no such column' };
    expect(describeChanges(sampleRun(), [node, call], [node, { ...done, status: 'failed', failure }])).toEqual([
      '    2.3 s  cataloging › execute_sql: failed: STATEMENT_FAILED: no such column',
    ]);
  });
});

describe('text for a terminal', () => {
  it('counts wide letters as two columns and an accent as none', () => {
    expect(['abc', '表', 'e\u0301', '👩‍👩‍👧', ''].map(columns)).toEqual([3, 2, 1, 2, 0]);
  });

  it('cuts by columns, not by letters', () => {
    expect(fitText('表表表', 5)).toBe('表表…');
    expect(fitText('表表表', 4)).toBe('表…');
    expect(fitText('abc', 3)).toBe('abc');
    expect(fitText('abc', 0)).toBe('');
  });

  it('puts everything on one line', () => {
    expect(printable(' a\r\n\tb\u2028c ')).toBe('a b c');
  });

  it.each([
    [0, '0.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 00 s'],
    [3_599_600, '1 h 00 min'],
    [125_000, '2 min 05 s'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
