import { describe, expect, it } from 'vitest';
import type { TableProfile } from '../../../src/contracts/profile.ts';
import { outlineTables } from '../../../src/domain/rules/outline-tables.ts';
import { planRules } from '../../../src/domain/rules/plan-rules.ts';
import type { RulePlan } from '../../../src/domain/rules/rule.ts';
import { databaseOf } from '../../support/flawed-database.ts';
import { keysAndRows } from '../../support/run-rules.ts';
import { plainColumns, suspiciousTables } from './suspicious-table.ts';

const planOf = (table: TableProfile): RulePlan =>
  planRules({ source: 'main', engine: 'duckdb', table, outlines: outlineTables([table]) });

const plainTable = (): TableProfile => {
  const [table] = suspiciousTables('duckdb', plainColumns.duckdb, 'groups');
  if (table === undefined) throw new Error('there is no table');
  return table;
};

describe('The rules', () => {
  it('look at every column of a wide table', async () => {
    const numbers = Array.from(
      { length: 60 },
      (_, at) => `cast((i * ${7 + 2 * at}) % ${101 + at} as double) as amount_${at}`,
    );
    const words = Array.from(
      { length: 20 },
      (_, at) => `['red', 'green', 'blue'][(i + ${at}) % 3 + 1] as colour_${at}`,
    );
    const prose = Array.from(
      { length: 20 },
      (_, at) => `'words about thing ' || (i * ${at + 3}) || ' that people wrote' as text_${at}`,
    );
    const { run, close } = await databaseOf([
      `create table wide as select i as wide_id, ${[...numbers, ...words, ...prose].join(', ')} from range(600) t(i)`,
      "update wide set amount_59 = -9999 where wide_id % 50 = 0; update wide set amount_58 = null where wide_id < 7; update wide set colour_19 = 'RED' where wide_id in (2, 5); update wide set text_19 = 'call +49 30 1234567 about this thing please' where wide_id < 4",
    ]);
    close();
    expect(run.failed).toEqual([]);
    expect(keysAndRows(run)).toEqual({
      'missing-values/main/wide/amount_58': 7,
      'negative-value/main/wide/amount_59': 12,
      'personal-data-in-text/main/wide/text_19#telephone%20number': 4,
      'placeholder/main/wide/amount_59#-9999': 12,
      'spelling/main/wide/colour_19': 2,
    });
    // Categories that might explain what is missing are bounded, and that is said once a rule.
    expect(run.not_looked_at.map(({ rule, reason }) => [rule, reason])).toEqual([
      ['missing-values', 'too_large'],
      ['contradicting-state', 'too_large'],
    ]);
  });

  it('look at every table, whatever their number', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `things_${at}`);
    const { run, close } = await databaseOf([
      ...names.map(
        (name, at) =>
          `create table ${name} as select i as ${name}_id, (i * 7 + ${at}) % 200 as ${at === 0 ? 'size' : `${names[at - 1]}_id`}, 'n' || (i % 5) as sort, cast(1.5 * (i % 40) + 10 as double) as weight from range(200) t(i)`,
      ),
      'update things_7 set things_6_id = 9999 where things_7_id < 3',
      'update things_39 set weight = 0 where things_39_id in (4, 5)',
      "update things_23 set sort = 'N1' where things_23_id = 1",
    ]);
    close();
    expect(keysAndRows(run)).toEqual({
      'orphan/main/things_7/things_6_id#things_6': 3,
      'spelling/main/things_23/sort': 1,
      'zero-value/main/things_39/weight': 2,
    });
    expect(run.not_looked_at).toEqual([]);
    expect(run.relationships).toHaveLength(39);
  });

  it('say of too large a table what they did not look for', () => {
    const table = plainTable();
    const large = { ...table, rows: { basis: 'exact' as const, count: 6_000_000 } };
    const told = (plan: RulePlan) => (plan.known.not_looked_at ?? []).map(({ rule, reason }) => `${rule} ${reason}`);
    expect(told(planOf(table))).toEqual([]);
    expect(told(planOf(large))).toEqual(['duplicate-rows too_large', 'gap-in-time too_large']);
    const asked = planOf(large).questions.flatMap(({ rules }) => rules);
    expect(asked).not.toContain('duplicate-rows');
    expect(asked).not.toContain('gap-in-time');
    expect(asked).toContain('outlier');
  });

  it('send no statement that is longer than an engine reads, and say which they did not send', () => {
    const columns = plainColumns.duckdb.map(([name, type]) => [name + 'x'.repeat(30_000), type] as const);
    const [table] = suspiciousTables('duckdb', columns, 'groups');
    const plan = planOf(table ?? plainTable());
    expect(Math.max(...plan.questions.map(({ sql }) => sql.length))).toBeLessThan(200_000);
    const told = new Set((plan.known.not_looked_at ?? []).map(({ rule }) => rule));
    expect(told).toContain('duplicate-rows');
    const asked = new Set(plan.questions.flatMap(({ rules }) => rules));
    for (const rule of ['duplicate-rows', 'outlier', 'spelling', 'missing-values', 'reversed-times'])
      expect([rule, asked.has(rule) || told.has(rule)]).toEqual([rule, true]);
  });

  it('compare eight times of a table with each other, and name the others', () => {
    const times = Array.from({ length: 10 }, (_, at) => [`noted_${at}_at`, 'TIMESTAMP'] as const);
    const [table] = suspiciousTables('duckdb', times, 'groups');
    const { known } = planOf(table ?? plainTable());
    const told = (known.not_looked_at ?? []).filter(({ rule }) => rule === 'reversed-times');
    expect(told).toEqual([
      {
        rule: 'reversed-times',
        reason: 'too_large',
        detail: '2 times of odd were not compared with the others: noted_8_at, noted_9_at.',
      },
    ]);
  });

  it('say of a view only what its tables do not say', async () => {
    const { run, close } = await databaseOf([
      "create table members as select i as member_id, ['gold', 'silver', 'basic'][i % 3 + 1] as level, cast(20.0 + (i * 37) % 40 as double) as fee from range(200) t(i)",
      "update members set level = 'Gold' where member_id < 6",
      'create view by_level as select member_id, level, fee, case when member_id % 10 > 0 then fee * 2 end as twice from members',
      'create view plain as select * from members',
    ]);
    close();
    expect(keysAndRows(run)).toEqual({
      'spelling/main/members/level': 6,
      'missing-values/main/by_level/twice': 20,
    });
  });
});

describe('References of several columns', () => {
  const setup = [
    'create table shelves (house integer, shelf integer, opened_at timestamp, primary key (house, shelf))',
    "insert into shelves select i % 5, i // 5, timestamp '2025-01-01' from range(100) t(i)",
    'create table boxes (box_id integer primary key, house integer, shelf integer, packed_at timestamp, foreign key (house, shelf) references shelves (house, shelf))',
    "insert into boxes select i, i % 5, (i * 3) % 20, timestamp '2025-01-02' + to_minutes(cast(i as integer)) from range(300) t(i)",
  ];

  it('are looked at whole, those that are NULL in part left out', async () => {
    const { run, close } = await databaseOf([
      ...setup,
      // DuckDB keeps its foreign keys: a copy without any stands for a database that does not.
      'create table loose as select * from boxes',
      'update boxes set shelf = null where box_id < 4',
    ]);
    close();
    expect(run.failed).toEqual([]);
    const [declared] = run.relationships.filter(({ from }) => from.table === 'boxes');
    expect(declared).toMatchObject({
      from: { columns: ['house', 'shelf'] },
      to: { table: 'shelves', columns: ['house', 'shelf'] },
      basis: 'declared',
      rows: 296,
      orphans: 0,
    });
    expect(run.keys).toContainEqual(
      expect.objectContaining({ table: 'shelves', columns: ['house', 'shelf'], basis: 'primary_key' }),
    );
  });
});
