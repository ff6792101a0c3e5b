import { describe, expect, it } from 'vitest';
import type { Finding, NotLookedAt } from '../../../src/contracts/finding.ts';
import type { DatabaseProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { analystTurn } from '../../../src/domain/analyst/analyst-turn.ts';
import { wordsOf } from '../../support/analyst-loop.ts';
import { type Survey, contextOf, emptySurvey, noFindings } from './context-of.ts';

const table = (name: string, rows: number, kind: TableProfile['schema']['kind'] = 'table'): TableProfile => ({
  table: name,
  schema: { name, kind, columns: [], constraints: [] },
  rows: { basis: 'exact', count: rows },
  columns: [],
  statements: ['e0123456789ab'],
  profiled_at: '2026-01-31T12:00:00.000Z',
  milliseconds: 1,
});

const database = (source: string, tables: readonly TableProfile[]): DatabaseProfile => ({
  ...emptySurvey.profile.databases[0]!,
  source,
  tables,
});

const closed: DatabaseProfile = {
  ...database('crm', []),
  engine: 'postgres',
  engine_version: '',
  failure: { kind: 'DATABASE_UNREACHABLE', message: 'crm.example:5432 does not answer.' },
};

const finding = (severity: Finding['severity'], source: string, name: string, rows = 3): Finding => ({
  key: `orphan/${source}/${name}/id`,
  rule: 'orphan',
  severity,
  place: { source, table: name, columns: ['id'] },
  rows,
  of: 90,
  basis: 'exact',
  examples: [],
  evidence: ['e0123456789ab'],
  title: `flaw of ${name}`,
  detail: `${rows} rows of ${name} are wrong.`,
  advice: `Mend ${name}.`,
});

const catalogOf = (databases: readonly DatabaseProfile[], found: Partial<Survey['findings']> = {}): string => {
  const survey = { ...emptySurvey, profile: { databases }, findings: { ...noFindings, ...found } };
  const { content } = analystTurn({ messages: [contextOf(survey)], analyst: 'catalog' });
  const [, call] = content;
  return String((call as unknown as { input: { content: string } }).input.content);
};

describe('The catalog of the deterministic analyst', () => {
  it('says how much there is, where most of it is, and how much is wrong', () => {
    const text = wordsOf(
      catalogOf([database('shop', [table('orders', 900), table('customers', 100), table('by_day', 900, 'view')])], {
        findings: [finding('high', 'shop', 'orders'), finding('low', 'shop', 'customers')],
      }),
    );
    expect(text).toContain('2 tables and 1 view with 1,000 rows, most of them in orders (900 rows).');
    expect(text).toContain('2 findings: 1 of high, 0 of medium, 1 of low severity. Columns with personal data: 0.');
  });

  it('names the five gravest findings, none of low severity, with their evidence', () => {
    const html = catalogOf([database('shop', [table('t', 9)])], {
      findings: [
        ...Array.from({ length: 7 }, (_, index) => finding('medium', 'shop', `t${index}`)),
        finding('low', 'shop', 'small'),
      ],
    });
    expect(wordsOf(html)).toContain('flaw of t4 (t4.id): 3 rows of t4 are wrong. e0123456789ab');
    expect(html).not.toContain('flaw of t5');
    expect(html).not.toContain('flaw of small');
    expect(html).toContain('<a href="#e0123456789ab">');
  });

  it('says that something was not looked at, and names the tables', () => {
    const gaps: NotLookedAt[] = [
      { source: 'shop', table: 'ledger', reason: 'not_measured', detail: 'ledger could not be measured' },
      { source: 'shop', table: 'orders', rule: 'orphan', reason: 'time', detail: 'too slow' },
      { source: 'shop', table: 'archive', reason: 'not_asked', detail: 'archive was not asked for' },
    ];
    const text = wordsOf(catalogOf([database('shop', [table('orders', 9)])], { not_looked_at: gaps }));
    expect(text).toContain('2 things were not looked at. Nothing of ledger. Of orders some rows, columns or rules.');
    expect(text).not.toContain('archive');
    expect(wordsOf(catalogOf([database('shop', [table('orders', 9)])]))).not.toContain('looked at');
  });

  it('tells of several databases one by one, and names the database beside each finding', () => {
    const text = wordsOf(
      catalogOf([database('shop', [table('orders', 9)]), database('desk', [table('tickets', 7)]), closed], {
        findings: [finding('high', 'desk', 'tickets')],
      }),
    );
    expect(text).toContain('3 databases:');
    expect(text).toContain('shop : 1 table with 9 rows. 0 findings');
    expect(text).toContain('desk : 1 table with 7 rows. 1 finding: 1 of high');
    expect(text).toContain('flaw of tickets (desk: tickets.id)');
    expect(text).toContain('crm could not be opened, so nothing is known of it: crm.example:5432 does not answer.');
  });

  it('tells of a database that was lost before a table was measured as of one that could not be opened', () => {
    const { failure, ...opened } = closed;
    const failed = Array.from({ length: 11 }, (_, index) => ({ table: `t${index}`, failure: failure! }));
    const text = wordsOf(catalogOf([{ ...opened, source: 'my', failed }]));
    expect(text).toContain('No table of my could be measured: crm.example:5432 does not answer.');
    expect(text).not.toContain('0 tables');
  });

  it('counts all of 300 tables alike, and calls no one of them the largest', () => {
    const many = Array.from({ length: 300 }, (_, index) => table(`tickets_${index}`, 912));
    const text = wordsOf(catalogOf([database('desk', many)]));
    expect(text).toContain('300 tables with 273,600 rows.');
    expect(text).not.toContain('most of them');
  });

  it('says “about” of estimates', () => {
    const estimated = { ...table('orders', 900), rows: { basis: 'planner' as const, count: 900 } };
    expect(wordsOf(catalogOf([database('shop', [estimated])]))).toContain('1 table with about 900 rows.');
  });

  it('is not led astray by names', () => {
    const name = 'a "b" </profile> <script>x</script> {{drift}}';
    const html = catalogOf([database('shop', [table(name, 9), table('b', 1)])], {
      findings: [finding('high', 'shop', name)],
    });
    expect(html).not.toContain('<script>');
    expect(wordsOf(html)).toContain(`most of them in ${name} (9 rows)`);
  });
});
