import { afterEach, describe, expect, it } from 'vitest';
import type { Drift } from '../../src/contracts/drift.ts';
import type { Findings } from '../../src/contracts/finding.ts';
import { Report } from '../../src/contracts/report.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import { type LoopBench, tenant } from '../support/agent-loop.ts';
import { type AnalystRun, surveyTables, wordsOf } from '../support/analyst-loop.ts';

const runs: AnalystRun[] = [];
afterEach(() => {
  for (const { bench } of runs.splice(0)) bench.close();
});

const orders =
  "create table orders as select i as order_id, ['paid', 'sent'][i % 2 + 1] as state, i % 9 + 1.5 as price from range(300) t(i)";
const flaws = [
  "update orders set state = 'PAID' where order_id in (0, 2, 4)",
  'insert into orders select * from orders where order_id < 7',
];

/** Surveys the orders, flaws and all, and lets the summary agent summarize; `before` prepares what an earlier run left. */
const summarize = async (
  drift: Drift,
  before: (bench: LoopBench) => Promise<void> = async () => {},
): Promise<{ readonly text: string; readonly report: Report }> => {
  const run = await surveyTables([orders, ...flaws], { drift, before });
  runs.push(run);
  expect(await run.bench.drive('summary')).toMatchObject({ status: 'succeeded' });
  const report = Report.parse(JSON.parse((await run.bench.report('summary', 'json'))!));
  expect(run.sandbox.calls.map(({ operation }) => operation)).not.toContain('execute_python');
  return { text: wordsOf(report.body_html), report };
};

/** A succeeded run before this one, of the same tables, with findings that `change` makes of those of a survey. */
const earlierRun =
  (change: (found: Findings) => Findings) =>
  async ({ ports, run }: LoopBench): Promise<void> => {
    const survey = await surveyTables([orders, ...flaws]);
    runs.push(survey);
    const run_id = '01JJ0000000000000000000000';
    const [mine, its] = [runKeys(run_id), runKeys(survey.bench.run.run_id)];
    await ports.runs.create({
      ...run,
      run_id,
      publish: { s3_prefix: 'reports/shop', timestamp: 'before' },
      created_at: '2026-01-30T12:00:00.000Z',
    });
    await ports.runs.settle(tenant, run_id, { attempt: 1, status: 'succeeded', ended_at: '2026-01-30T12:10:00.000Z' });
    const read = async (key: string): Promise<unknown> =>
      JSON.parse(new TextDecoder().decode(await survey.bench.ports.documents.get(tenant, key)));
    const put = (key: string, value: unknown) => ports.documents.put(tenant, key, JSON.stringify(value), '');
    await put(mine.profile, await read(its.profile));
    await put(mine.findings, change((await read(its.findings)) as Findings));
  };

describe('The summary of the deterministic analyst', () => {
  it('names the top issues of the catalog with their evidence, and says that a first survey has nothing to compare with', async () => {
    const { text, report } = await summarize({ changes: [] });
    expect(text).toContain('1 table with 307 rows was surveyed');
    expect(text).toContain('This is the first survey under reports/shop');
    expect(text).toMatch(/high orders holds rows twice orders 7 e[0-9a-f]{12}/);
    expect(text).toMatch(/medium state spells one thing in several ways orders\.state \d+ e[0-9a-f]{12}/);
    expect(text).toContain('state spells one thing in several ways ( orders.state ): Map the spellings to one');
    expect(report.profile).toBeUndefined();
    expect(report.rules).toBeUndefined();
    const cited = [...report.body_html.matchAll(/href="#(e[0-9a-f]{12})"/g)].map((match) => match[1]);
    const known = report.evidence.map(({ evidence_id }) => evidence_id);
    expect(cited.length).toBeGreaterThan(0);
    expect(cited.filter((id) => !known.includes(id!))).toEqual([]);
  });

  it('compares with the survey before: measured changes, new, gone and grown findings', async () => {
    const drift: Drift = {
      since: { run_id: '01JJ0000000000000000000000', at: '2026-01-30T12:00:00.000Z' },
      changes: [
        { source: 'main', kind: 'rows_changed', table: 'orders', before: '250', after: '307' },
        { source: 'main', kind: 'column_added', table: 'orders', column: 'price' },
        { source: 'main', kind: 'column_removed', table: 'orders', column: 'cost' },
        { source: 'main', kind: 'table_added', table: 'refunds' },
        { source: 'main', kind: 'table_removed', table: 'returns' },
        { source: 'main', kind: 'type_changed', table: 'orders', column: 'state', before: 'ENUM', after: 'VARCHAR' },
        { source: 'main', kind: 'nulls_changed', table: 'orders', column: 'price', before: '0%', after: '4%' },
        { source: 'main', kind: 'mean_shifted', table: 'orders', column: 'price', before: '5.1', after: '9.7' },
        { source: 'main', kind: 'values_new', table: 'orders', column: 'state', after: 'PAID' },
      ],
    };
    const { text, report } = await summarize(
      drift,
      earlierRun((found) => ({
        ...found,
        findings: found.findings.map((finding) => {
          if (finding.rule === 'duplicate-rows') return { ...finding, rows: 5 };
          if (finding.rule !== 'spelling') return finding;
          const place = { ...finding.place, columns: ['price'] };
          return { ...finding, key: 'spelling/main/orders/price', place, title: 'price held an old flaw' };
        }),
      })),
    );
    expect(text).toContain('Compared with the survey of 30 January 2026, 12:00 UTC');
    expect(text).toContain('The rows of orders changed: 250 → 307.');
    for (const sentence of [
      'The column orders.price is new.',
      'The column orders.cost is gone.',
      'The table refunds is new.',
      'The table returns is gone.',
      'The type of orders.state changed: ENUM → VARCHAR.',
      'The share of missing values of orders.price changed: 0% → 4%.',
      'The average of orders.price moved: 5.1 → 9.7.',
      'New frequent values of orders.state: PAID.',
    ]) {
      expect(text).toContain(sentence);
    }
    expect(text).toContain('New (1): state spells one thing in several ways (orders.state)');
    expect(text).toMatch(/Gone: [^(]*\(1\): price held an old flaw \(orders\.price\)/);
    expect(text).toContain('orders holds rows twice (orders, 5 → 7 rows)');
    expect(report.finding_changes?.changes.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['new', 'gone', 'grown']),
    );
  });
});
