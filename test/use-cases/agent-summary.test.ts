import { afterEach, describe, expect, it } from 'vitest';
import type { Drift } from '../../src/contracts/drift.ts';
import { Report } from '../../src/contracts/report.ts';
import type { Run } from '../../src/contracts/run.ts';
import { tenant } from '../support/agent-loop.ts';
import { type AnalystRun, surveyTables, systemPython, wordsOf } from '../support/analyst-loop.ts';
import type { InProcessSandbox } from '../support/in-process-sandbox.ts';

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

/** Surveys the orders, flaws and all, and lets the summary agent sum up; `before` prepares what an earlier run left. */
const sumUp = async (
  drift: Drift,
  before: (run: AnalystRun) => Promise<void> = async () => {},
): Promise<{ readonly text: string; readonly report: Report; readonly run: AnalystRun }> => {
  const made: { sandbox?: InProcessSandbox } = {};
  const python = systemPython(() => made.sandbox?.files ?? new Map());
  const run = await surveyTables([orders, ...flaws], {
    drift,
    cell: (code) => (made.sandbox === undefined ? {} : python(code)),
  });
  runs.push(run);
  made.sandbox = run.sandbox;
  await before(run);
  expect(await run.bench.drive('summary')).toMatchObject({ status: 'succeeded' });
  const report = Report.parse(JSON.parse((await run.bench.report('summary', 'json'))!));
  return { text: wordsOf(report.body_html), report, run };
};

describe('The summary of the deterministic analyst', () => {
  it('names the top issues of the catalog with their evidence, and says that a first survey has nothing to compare with', async () => {
    const { text, report } = await sumUp({ changes: [] });
    expect(text).toContain('1 table with 307 rows were surveyed');
    expect(text).toContain('This is the first survey under reports/shop');
    expect(text).toMatch(/high orders holds rows twice orders 7 e[0-9a-f]{12}/);
    expect(text).toMatch(/medium state spells one thing in several ways orders\.state \d+ e[0-9a-f]{12}/);
    expect(text).toContain('orders.state : Map the spellings to one');
    expect(report.profile).toBeUndefined();
    const cited = [...report.body_html.matchAll(/href="#(e[0-9a-f]{12})"/g)].map((match) => match[1]);
    const known = report.evidence.map(({ evidence_id }) => evidence_id);
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
    const { text } = await sumUp(drift, async ({ bench, report }) => {
      const body = report.body_html
        .replace(/(<td>orders holds rows twice<\/td>[\s\S]*?<td class="num">)7/, '$15')
        .replaceAll('state spells one thing in several ways', 'state held an old flaw');
      const keys = { html_key: 'reports/shop/before/cataloging.html', json_key: 'reports/shop/before/cataloging.json' };
      const before: Run = {
        ...bench.run,
        run_id: '01JJ0000000000000000000000',
        publish: { s3_prefix: 'reports/shop', timestamp: 'before' },
        reports: [{ agent: 'cataloging', ...keys }],
      };
      await bench.ports.runs.create(before);
      await bench.ports.runs.settle(tenant, before.run_id, {
        status: 'succeeded',
        ended_at: '2026-01-30T12:10:00.000Z',
      });
      await bench.ports.objects.put(
        tenant,
        keys.json_key,
        JSON.stringify({ ...report, body_html: body }),
        'application/json',
      );
      await bench.ports.objects.put(tenant, keys.html_key, '<p>before</p>', 'text/html');
    });
    expect(text).toContain('Compared with the survey of 2026-01-30 12:00 UTC');
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
    expect(text).toContain('New findings: state spells one thing in several ways (orders.state)');
    expect(text).toContain('No longer found: state held an old flaw (orders.state)');
    expect(text).toContain('orders holds rows twice (5 → 7)');
  });

  it('says so when the reports cannot be read', async () => {
    const { text } = await sumUp({ changes: [] }, async ({ bench }) => {
      await bench.ports.objects.put(
        tenant,
        'reports/shop/2026-01-31T12-00-00.000Z/cataloging.json',
        'no JSON',
        'application/json',
      );
    });
    expect(text).toContain('could not be read');
  });
});
