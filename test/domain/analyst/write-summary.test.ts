import { describe, expect, it } from 'vitest';
import type { FailureReport } from '../../../src/contracts/failure-report.ts';
import type { FindingChange } from '../../../src/contracts/finding-change.ts';
import type { Finding } from '../../../src/contracts/finding.ts';
import type { DatabaseProfile } from '../../../src/contracts/profile.ts';
import { analystTurn } from '../../../src/domain/analyst/analyst-turn.ts';
import { wordsOf } from '../../support/analyst-loop.ts';
import { type Survey, contextOf, emptySurvey, noFindings } from './context-of.ts';

const shop: DatabaseProfile = emptySurvey.profile.databases[0]!;
const orders: DatabaseProfile['tables'][number] = {
  table: 'orders',
  schema: { name: 'orders', kind: 'table', columns: [], constraints: [] },
  rows: { basis: 'exact', count: 30 },
  columns: [],
  statements: [],
  profiled_at: '2026-01-31T12:00:00.000Z',
  milliseconds: 1,
};

const finding = (severity: Finding['severity'], source: string, table: string, rows = 3): Finding => ({
  key: `orphan/${source}/${table}/id`,
  rule: 'orphan',
  severity,
  place: { source, table, columns: ['id'] },
  rows,
  basis: 'exact',
  examples: [],
  evidence: ['e0123456789ab'],
  title: `flaw of ${table}`,
  detail: `${rows} rows of ${table} are wrong.`,
  advice: `Mend ${table}.`,
});

const since = { run_id: '01JJ0000000000000000000000', at: '2026-01-30T12:00:00.000Z' };

const summaryOf = (survey: Partial<Survey>): string => {
  const { content } = analystTurn({ messages: [contextOf({ ...emptySurvey, ...survey })], analyst: 'summary' });
  return wordsOf(String((content[1] as unknown as { input: { content: string } }).input.content));
};

describe('The summary of the deterministic analyst', () => {
  it('tells of a database that was lost as of one that could not be opened, without the statement', () => {
    const failure: FailureReport = {
      kind: 'STATEMENT_FAILED',
      message: 'relation "a" does not exist.',
      excerpt: 'LINE 19: from a\n  ^',
      advice: { kind: 'look_for_table' },
    };
    const lost = {
      ...shop,
      source: 'my',
      failed: [{ table: 'a', failure }],
    };
    const text = summaryOf({ profile: { databases: [{ ...shop, tables: [orders] }, lost] } });
    expect(text).toContain('No table of my could be measured: relation "a" does not exist. Was it dropped or renamed');
    expect(text).not.toContain('LINE 19');
    expect(text).toContain('1 table with 30 rows in 1 database was surveyed.');
    const alone = summaryOf({ profile: { databases: [lost] } });
    expect(alone).toContain('Nothing was surveyed.');
    expect(alone).not.toContain('0 tables');
  });

  it('names the most severe findings first, over all databases, with what to do', () => {
    const text = summaryOf({
      profile: {
        databases: [
          { ...shop, tables: [orders] },
          { ...shop, source: 'my', tables: [orders] },
        ],
      },
      findings: {
        ...noFindings,
        findings: [
          finding('high', 'my', 'orders'),
          ...Array.from({ length: 12 }, (_, index) => finding('medium', 'shop', `t${index}`)),
          finding('low', 'shop', 'small'),
        ],
      },
    });
    expect(text).toContain('14 findings: 1 of high, 12 of medium, 1 of low severity.');
    expect(text).toMatch(/Evidence high flaw of orders my: orders\.id 3 e0123456789ab/);
    expect(text).toMatch(/What to do next flaw of orders \( my: orders\.id \): Mend orders\./);
    expect(text).toMatch(/Have this survey repeated on a schedule/);
    expect(text).not.toContain('flaw of small');
  });

  it('says that a first survey has nothing to compare with', () => {
    const text = summaryOf({});
    expect(text).toContain('This is the first survey under reports/shop');
    expect(text).not.toContain('Unchanged');
    const others = summaryOf({ drift: { other_databases: true, changes: [] } });
    expect(others).toContain('The earlier surveys under reports/shop were of other databases');
    expect(others).not.toContain('first survey');
  });

  it('calls no view a table', () => {
    const view = { ...orders, table: 'recent', schema: { ...orders.schema, name: 'recent', kind: 'view' } } as const;
    const text = summaryOf({
      profile: { databases: [{ ...shop, tables: [orders, view] }] },
      drift: {
        since,
        changes: [{ source: 'shop', kind: 'table_added', table: 'recent', is_view: true, after: '3 rows' }],
      },
    });
    expect(text).toMatch(/1 table and 1 view with .* were surveyed/);
    expect(text).toContain('The view recent is new.');
  });

  it('tells what has become of each finding, and never calls gone what was not looked at', () => {
    const change = (state: FindingChange['state'], of: Finding, before?: number): FindingChange => ({
      key: of.key,
      state,
      ...(before === undefined ? {} : { before }),
      ...(['gone', 'dropped', 'not_looked_at'].includes(state) ? { earlier: of } : {}),
    });
    const [grown, shrunk, added, same] = ['orders', 'returns', 'carts', 'items'].map((name) =>
      finding('high', 'shop', name, 7),
    ) as [Finding, Finding, Finding, Finding];
    const text = summaryOf({
      findings: { ...noFindings, findings: [grown, shrunk, added, same] },
      drift: {
        since,
        changes: [{ source: 'shop', kind: 'rows_changed', table: 'orders', before: '250', after: '307' }],
      },
      changes: {
        since,
        without_findings: [],
        is_cut: false,
        changes: [
          change('grown', grown, 5),
          change('shrunk', shrunk, 9),
          change('new', added),
          change('unchanged', same, 7),
          change('gone', finding('low', 'shop', 'stock')),
          { ...change('dropped', finding('low', 'shop', 'depots')), detail: 'The table depots is not there any more.' },
          change('not_looked_at', finding('low', 'shop', 'ledger')),
        ],
      },
    });
    expect(text).toContain('Compared with the survey of 30 January 2026, 12:00 UTC.');
    expect(text).toContain('The rows of orders changed: 250 → 307.');
    expect(text).toContain('New (1): flaw of carts (carts.id)');
    expect(text).toContain('Grown (1): flaw of orders (orders.id, 5 → 7 rows)');
    expect(text).toContain('Shrunk (1): flaw of returns (returns.id, 9 → 7 rows)');
    expect(text).toMatch(/Gone: [^(]* \(1\): flaw of stock \(stock\.id\)/);
    expect(text).toMatch(/Not looked at this time[^(]*\(1\): flaw of ledger \(ledger\.id\)/);
    expect(text).toContain('Unchanged: 1 finding');
  });

  it('tells what could not be compared with its reason, and not that all is as it was', () => {
    const gap = { source: 'shop', by: 'this_run', reason: 'not_asked', detail: '-' } as const;
    const text = summaryOf({
      drift: {
        since,
        changes: [],
        not_looked_at: [
          { ...gap, tables: 12 },
          { ...gap, table: 'salaries', reason: 'not_visible' },
          { ...gap, table: 'orders', column: 'card', by: 'runs_before', reason: 'not_visible' },
        ],
      },
      changes: {
        since,
        without_findings: [since],
        is_cut: false,
        changes: [
          {
            key: 'orphan/shop/salaries/id',
            state: 'not_looked_at',
            before: 3,
            reason: 'not_visible',
            detail: 'GRANT SELECT would show it.',
            earlier: finding('low', 'shop', 'salaries'),
          },
        ],
        outside: 2,
      },
    });
    expect(text).toContain('are as they were where they could be compared.');
    expect(text).toMatch(/This survey was not asked for: 12 tables of shop/);
    expect(text).toContain('This survey could not see: salaries');
    expect(text).toContain('Those before could not see: orders.card');
    expect(text).toContain('flaw of salaries (salaries.id, GRANT SELECT would show it)');
    expect(text).toContain('On tables outside this survey, so not looked at: 2 findings');
    expect(text).toContain('1 earlier survey kept no findings as data, so nothing can be compared with it.');
    expect(text).not.toMatch(/Gone|is gone/);
  });

  it('says since when, of a table that the survey before did not look at', () => {
    const text = summaryOf({
      drift: {
        since,
        changes: [
          {
            source: 'shop',
            kind: 'rows_changed',
            table: 'orders',
            before: '250',
            after: '307',
            since: { run_id: since.run_id, at: '2026-01-01T12:00:00.000Z' },
          },
        ],
      },
    });
    expect(text).toContain('The rows of orders changed: 250 → 307 (since 1 January 2026, 12:00 UTC).');
  });

  it('names twenty of each, and says how many more there are', () => {
    const many = Array.from({ length: 33 }, (_, index) => finding('medium', 'shop', `t${index}`));
    const text = summaryOf({
      findings: { ...noFindings, findings: many },
      drift: { since, changes: [] },
      changes: {
        since,
        without_findings: [],
        is_cut: false,
        changes: many.map(({ key }) => ({ key, state: 'new' as const })),
      },
    });
    expect(text).toMatch(/New \(33\): .* and 13 more/);
  });
});
