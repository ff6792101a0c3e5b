import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/contracts/evidence.ts';
import type { Finding } from '../../../src/contracts/finding.ts';
import { type ColumnProfile, RunProfile } from '../../../src/contracts/profile.ts';
import { maskReport } from '../../../src/domain/personal-data/mask-report.ts';
import { renderReport } from '../../../src/domain/report/render-report.ts';
import { smallReport } from '../report/small-report.ts';

const iban = 'DE89370400440532013000';
const secrets = [iban, 'Grace Hopper', '10.20.30.40', '1906-12-09', '1943', '4711'];

const column = (name: string, kind: ColumnProfile['kind'], ...values: readonly (string | number)[]) => ({
  name,
  type: 'VARCHAR',
  kind,
  nulls: { basis: 'exact', count: 0, share: 0 },
  range: { basis: 'exact', min: values[0], max: values.at(-1) },
  top_values: { basis: 'exact', values: values.map((value) => ({ value, count: 2 })) },
});
const all = (value: string | number) => ({
  p01: value,
  p05: value,
  p25: value,
  p50: value,
  p75: value,
  p95: value,
  p99: value,
});
const columns = [
  column('account', 'text', iban),
  column('full_name', 'text', 'Grace Hopper'),
  column('seen_from', 'text', '10.20.30.40'),
  {
    ...column('born_in', 'number', 1943),
    quantiles: { basis: 'exact', ...all(1943) },
    moments: { basis: 'exact', mean: 1943, deviation: 0 },
    outliers: { basis: 'exact', below: 0, above: 0, low_fence: 1943, high_fence: 1943 },
    histogram: {
      basis: 'exact',
      bins: [
        { from: 1943, to: 1943, count: 1 },
        { from: 1943, to: 1943, count: 1 },
      ],
    },
  },
  {
    ...column('birth_date', 'time', '1906-12-09'),
    freshness: { basis: 'exact', newest: '1906-12-09', age_seconds: 1, in_future: 0 },
  },
  column('pin', 'text', '4711'),
  column('status', 'text', 'paid'),
];
const profile = RunProfile.parse({
  databases: [
    {
      source: 'shop',
      label: 'shop',
      engine: 'duckdb',
      engine_version: '1',
      failed: [],
      not_visible: [],
      tables: [
        {
          table: 'people',
          schema: {
            name: 'people',
            kind: 'table',
            constraints: [],
            columns: columns.map(({ name, type }) => ({ name, type, nullable: true })),
          },
          rows: { basis: 'exact', count: 2 },
          columns,
          statements: ['e000000000001'],
          profiled_at: '2026-01-01T00:00:00.000Z',
          milliseconds: 1,
        },
      ],
    },
  ],
});
const finding = (rule: string, name: string, part?: string): Finding => ({
  key: `${rule}/shop/people/${name}`,
  rule,
  severity: 'low',
  place: { source: 'shop', table: 'people', columns: [name], ...(part === undefined ? {} : { part }) },
  rows: 2,
  basis: 'exact',
  examples: [],
  evidence: ['e000000000001'],
  title: name,
  detail: name,
  advice: '',
});
const findings: readonly Finding[] = [
  ...Object.entries({
    account: 'bank or card number',
    full_name: 'name of a person',
    seen_from: 'network address',
    born_in: 'date or year of birth',
    birth_date: 'date or year of birth',
    pin: 'official number of a person',
  }).map(([name, part]) => finding('personal-data', name, part)),
  {
    ...finding('spelling', 'full_name'),
    examples: ['G. Hopper', 'Grace Hopper'],
    detail: 'Grace Hopper stands twice.',
  },
];
const ran = (evidence_id: string, preview: string, more: Partial<Evidence> = {}): Evidence => ({
  evidence_id,
  kind: 'sql',
  origin: 'rule',
  source: 'shop',
  text: 'SELECT 1',
  verdict: 'ran',
  preview,
  started_at: '2026-01-01T00:00:00.000Z',
  milliseconds: 1,
  ...more,
});
const report = maskReport(
  {
    ...smallReport,
    body_html: '<p title="paid">Grace Hopper has DE89370400440532013000 and 10.20.30.40.</p>',
    profile,
    findings,
    facts: [{ source: 'shop', table: 'people', text: 'Most are of Grace Hopper.', evidence: [] }],
    drift: {
      changes: [
        { source: 'shop', kind: 'values_new', table: 'people', column: 'full_name', after: 'Ada L., Grace Hopper' },
        { source: 'shop', kind: 'mean_shifted', table: 'people', column: 'born_in', before: '1943', after: '1943.5' },
        { source: 'shop', kind: 'nulls_changed', table: 'people', column: 'account', before: '1%', after: '2%' },
      ],
    },
    finding_changes: {
      without_findings: [],
      is_cut: false,
      changes: [
        {
          key: 'spelling/shop/people/full_name',
          state: 'gone',
          before: 2,
          since: { run_id: '01JJP0000000000000000000AB', at: '2026-01-24T12:00:00.000Z' },
          earlier: { ...finding('spelling', 'full_name'), examples: ['Grace Hopper'] },
        },
      ],
    },
    evidence: [
      ran(
        'e000000000001',
        `name | value | count\nrows | 2 | NULL\nc0_min | ${iban} | NULL\nc3_p50 | 1943 | NULL\nc5_top | 4711 | 2`,
        {
          origin: 'profile',
        },
      ),
      ran('e000000000002', `v0 | n\n${iban} | 2\npaid | 7\n1906-12-09 | 1`),
      ran('e000000000003', 'status | FULL_NAME\npaid | Ada Lovelace\nopen | NULL\nodd | Ada | Lovelace'),
      ran('e000000000004', 'Grace Hopper, twice', {
        kind: 'python',
        agent: 'cataloging',
        text: 'find("Grace Hopper")',
      }),
    ],
  },
  { profile, findings },
);

describe('a report of columns that hold personal data', () => {
  it.each(secrets)('holds %j nowhere, neither as data nor as a page', (secret) => {
    expect(JSON.stringify(report)).not.toContain(secret);
    expect(renderReport(report)).not.toContain(secret);
  });

  it('keeps how many there are, and the values of other columns', () => {
    const [account, , , born, , , status] = report.profile?.databases[0]?.tables[0]?.columns ?? [];
    expect(account?.top_values?.values).toEqual([{ value: '‹bank or card number›', count: 2 }]);
    expect(account?.range).toMatchObject({ min: '‹bank or card number›', max: '‹bank or card number›' });
    expect(born?.histogram?.bins.map(({ count }) => count)).toEqual([1, 1]);
    expect(status?.top_values?.values).toEqual([{ value: 'paid', count: 2 }]);
    expect(report.drift.changes.map(({ after }) => after)).toEqual([
      '‹name of a person›',
      '‹date or year of birth›',
      '2%',
    ]);
  });

  it('masks cells by the figure, by the value and by the name of their column', () => {
    expect(report.evidence.map(({ preview }) => preview)).toEqual([
      'name | value | count\nrows | 2 | NULL\nc0_min | ‹bank or card number› | NULL\nc3_p50 | ‹date or year of birth› | NULL\nc5_top | ‹official number of a person› | 2',
      'v0 | n\n‹bank or card number› | 2\npaid | 7\n‹date or year of birth› | 1',
      'status | FULL_NAME\npaid | ‹name of a person›\nopen | NULL\n‹personal data›',
      '‹name of a person›, twice',
    ]);
  });

  it('masks examples as a whole, also those that no profile showed', () => {
    expect(report.findings?.at(-1)).toMatchObject({
      examples: ['‹name of a person›', '‹name of a person›'],
      detail: '‹name of a person› stands twice.',
    });
    expect(report.body_html).toBe(
      '<p title="paid">‹name of a person› has ‹bank or card number› and ‹network address›.</p>',
    );
  });

  it('is masked where it shows neither profile nor findings', () => {
    const { profile: _, findings: __, ...bare } = { ...smallReport, body_html: '<p>Grace Hopper</p>', evidence: [] };
    expect(maskReport(bare, { profile, findings }).body_html).toBe('<p>‹name of a person›</p>');
  });
});
