import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Report, StoredReport } from '../../src/contracts/report.ts';
import { Conversation } from '../../src/domain/agent/conversation.ts';
import { smallReport } from '../domain/report/small-report.ts';
import { plainPrompt } from '../support/agent-loop.ts';

/** As Surveyor wrote it of a small table in November 2026, before findings were data. It stays as it is. */
const version2: unknown = JSON.parse(readFileSync(new URL('../golden/report/version-2.json', import.meta.url), 'utf8'));

describe('a stored report', () => {
  it('is read as it was written, whether findings were data yet or a table in its text', () => {
    const read = StoredReport.parse(version2);
    expect(read).toEqual(version2);
    expect(read.report_version).toBe(2);
    expect(read.body_html).toContain('state spells one thing in several ways');
    expect(StoredReport.parse(JSON.parse(JSON.stringify(smallReport)))).toEqual(smallReport);
  });

  it('of version 2 does not pass for one whose findings are data: it has none to show, and is not well for that', () => {
    expect(Report.safeParse(version2).success).toBe(false);
    expect(Report.safeParse({ ...(version2 as object), report_version: 3 }).data?.findings).toBeUndefined();
  });
});

describe('a stored conversation', () => {
  const { shows_profile: _shows, reads_reports: _reads, ...before } = plainPrompt;
  const stored = (context: string) => ({
    prompt: { ...before, context },
    messages: [],
    reminders: 0,
    wrap_up_told: false,
  });

  it('that began before prompts declared an agent’s job goes on as it was told: by what its context asked for', () => {
    const catalog = Conversation.parse(stored('<profile>{{profile}}</profile>')).prompt;
    expect([catalog.shows_profile, catalog.reads_reports]).toEqual([true, false]);
    const summary = Conversation.parse(stored('{{drift}} {{report_files}}')).prompt;
    expect([summary.shows_profile, summary.reads_reports]).toEqual([false, true]);
  });

  it('whose prompt declares it is taken at its word', () => {
    const declared = {
      ...stored('{{profile}}'),
      prompt: { ...plainPrompt, context: '{{profile}}', shows_profile: false },
    };
    expect(Conversation.parse(declared).prompt.shows_profile).toBe(false);
  });
});
