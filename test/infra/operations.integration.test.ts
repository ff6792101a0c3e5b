import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { measures, patternOf } from '../../lib/operations/log-metrics.ts';
import { flat, stackTemplate, type Template } from './template.ts';

const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

describe('what watches the service', () => {
  let template: Template;

  beforeAll(() => {
    template = stackTemplate({});
  });

  it('has a paragraph of the runbook for each alarm, and each leads there', () => {
    const alarms = template.ofType('AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(13);
    for (const { Properties } of alarms) {
      const anchor = /docs\/runbook\.md#([a-z-]+)/.exec(flat(Properties['AlarmDescription']))?.[1] ?? '';
      expect(runbook).toContain(`\n## ${anchor}\n`);
      expect(Properties['AlarmActions']).toHaveLength(1);
    }
  });

  it('has no paragraph of an alarm that is not', () => {
    const names = template.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => flat(Properties['AlarmName']));
    const paragraphs = [...runbook.matchAll(/^## ([a-z]+(?:-[a-z]+)*)$/gm)].map(([, anchor]) => `surveyor-${anchor}`);
    expect(paragraphs.toSorted()).toEqual(names.toSorted());
  });

  it('counts from the log of all functions', () => {
    const filters = template.ofType('AWS::Logs::MetricFilter');
    expect(new Set(filters.map(({ Properties }) => Properties['FilterPattern']))).toEqual(
      new Set(Object.values(measures).map(patternOf)),
    );
    expect(new Set(filters.map(({ Properties }) => flat(Properties['LogGroupName']))).size).toBe(1);
  });

  it('counts a run that failed, and not one that somebody stopped', () => {
    expect(patternOf(measures.RunsFailed)).toBe(
      '{ $.message = "run ended" && ($.status = "failed" || $.status = "timed_out" || $.status = "budget_exceeded" || $.status = "interrupted") }',
    );
  });
});
