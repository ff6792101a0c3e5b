import type { Engine } from '../../../src/contracts/engine.ts';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import type { TableConstraint } from '../../../src/contracts/schema.ts';
import { engineSql } from '../../../src/domain/engines/registry.ts';
import { outlineTables } from '../../../src/domain/rules/outline-tables.ts';
import { planRules } from '../../../src/domain/rules/plan-rules.ts';
import type { Question, Reading, RuleFinding, RuleSubject, Rows } from '../../../src/domain/rules/rule.ts';
import type { OddColumn } from '../../support/tables-of-every-type.ts';

const rows = 10_000;
const exact = { basis: 'exact' } as const;

/** Columns of plain types, called so that every rule has something to ask. */
export const plainColumns: Readonly<Record<Engine, readonly OddColumn[]>> = {
  duckdb: plain('VARCHAR', 'DOUBLE', 'TIMESTAMP'),
  postgres: plain('text', 'double precision', 'timestamp without time zone'),
  mysql: plain('varchar(100)', 'double', 'datetime'),
  sqlite: plain('TEXT', 'REAL', 'DATETIME'),
};

function plain(text: string, number: string, time: string): readonly OddColumn[] {
  return [
    ['thing_id', number],
    ['device_no', text],
    ['taken_at', time],
    ['received_at', time],
    ['handled_at', time],
    ['status', text],
    ['humidity_pct', number],
    ['list_price', number],
    ['wait_minutes', number],
    ['noted_on', text],
    ['nothing', text],
    ['same', number],
  ];
}

/** A column with figures that give rise to everything that rules may ask of its kind. */
const suspicious = (engine: Engine, [name, type, base]: OddColumn, keys: 'keys' | 'groups'): ColumnProfile => {
  const declared = { name, type: type.replace(/ (character set|null).*/, ''), nullable: true };
  const kind = engineSql[engine].profileSql.kindOf(base === undefined ? declared : { ...declared, base_type: base });
  const isKey = keys === 'keys' && /_(id|no)$/.test(name);
  const times = { p01: '2025-01-01', p05: '2025-01-01', p25: '2025-01-02', p50: '2025-01-03', p75: '2025-01-04', p95: '2025-01-05', p99: '2025-01-05' }; // prettier-ignore
  return {
    name,
    type: declared.type,
    kind,
    nulls: name === 'nothing' ? { ...exact, count: rows, share: 1 } : { ...exact, count: 500, share: 0.05 },
    distinct: { ...exact, count: isKey ? rows : kind === 'time' ? 5_000 : kind === 'other' || name === 'same' ? 1 : 5, share: isKey ? 1 : 0.05 },
    // Of intervals, addresses, bits and nested values there is none.
    ...(kind !== 'other' && { range: { ...exact, min: name === 'same' ? 1_000 : -10, max: 1_000 } }),
    ...(kind === 'number' && {
      signs: { ...exact, zero: 1, negative: 1, not_finite: 1 },
      quantiles: { ...exact, p01: 0, p05: 0, p25: 10, p50: 11, p75: 12, p95: 13, p99: 14 },
      outliers: { ...exact, below: 1, above: 1, low_fence: 4, high_fence: 18 },
    }),
    ...(kind === 'time' && {
      quantiles: { ...exact, ...times },
      freshness: { ...exact, newest: '2055-01-01', age_seconds: -1, in_future: 1 },
    }),
    ...(kind === 'text' && {
      lengths: { ...exact, min: 0, max: 60, mean: 10 },
      shapes: { ...exact, values: 9_500, email: 0, phone: 0, card: 5_000, ip_address: 0, uuid: 0, url: keys === 'keys' ? 9_000 : 0, number: 0, time: name === 'noted_on' ? 9_000 : 0, blank: 1, padded: 3 },
    }),
  }; // prettier-ignore
};

/** Two tables alike, `odd` and `also_odd`, the second pointing at the first by its first column and by its first two. */
export const suspiciousTables = (
  engine: Engine,
  columns: readonly OddColumn[],
  keys: 'keys' | 'groups',
): readonly TableProfile[] => {
  const table = (name: string, constraints: readonly TableConstraint[]): TableProfile => ({
    table: name,
    schema: {
      name,
      kind: 'table',
      columns: columns.map(([column, type, base]) => ({
        name: column,
        type,
        nullable: true,
        ...(base === undefined ? {} : { base_type: base }),
      })),
      constraints,
    },
    rows: { ...exact, count: rows },
    columns: columns.map((column) => suspicious(engine, column, keys)),
    statements: ['e000000000000'],
    profiled_at: '2026-01-31T12:00:00.000Z',
    milliseconds: 1,
  });
  const names = columns.map(([name]) => name);
  const unique = (some: readonly string[]): TableConstraint => ({ kind: 'unique', columns: some });
  const pointing = (some: readonly string[]): TableConstraint => ({
    kind: 'foreign_key',
    columns: some,
    references: { table: 'odd', columns: some },
  });
  const [first, two] = [names.slice(0, 1), names.slice(0, 2)];
  return [
    table('odd', keys === 'keys' ? [] : [unique(first), unique(two)]),
    table('also_odd', [pointing(first), pointing(two)]),
  ];
};

/** What every answer holds that is not said otherwise: something is wrong with everything, but not too much. */
const wrong: Readonly<Record<string, string>> = {
  n: '1000', filled: '1000', kinds: '995', copies: '3', extra: '3', different: '1', m: '30',
  pointing: '1000', broken: '3', unknown_keys: '2', used_keys: '5', all_keys: '6', least: '1', most: '2',
  earlier: '50', later: '50', since: '1750000000', until_then: '1750100000', gap: '100000', usual: '1', unusual: '2',
  total: '20', far: '15', reversed: '5', late: '5', first: '0', middle: '50', third: '100', shortest: '9000', longest: '90000',
  seconds: '995', minutes: '1', hours: '1', days: '1', holding: '950', of: '1000', every_row: '10',
  email: '3', card: '3', phone: '3', iban: '3',
}; // prettier-ignore

/** A row that answers anything: aliases of several things alike end with their numbers. */
const row = (own: Readonly<Record<string, string>>): Rows[number] =>
  new Proxy<Rows[number]>(own, {
    get: (_, alias) => {
      const name = String(alias);
      if (/^x_\d+$/.test(name)) return '0';
      if (name === 'x') return '4111 1111 1111 1111';
      return own[name] ?? wrong[name.replace(/_\d+$/, '')] ?? null;
    },
  });

/** An answer to any question about a table. */
const answerOf = ({ columns }: TableProfile): Rows => [
  ...Array.from({ length: 12 }, (_, at) => row({ since: String(1_750_000_000 + at), gap: at === 0 ? '100000' : '50' })),
  ...columns.flatMap(({ name: col, kind }) =>
    kind === 'text'
      ? [
          row({ col, part: col, value: 'Spain', n: '900', m: '895' }),
          row({ col, part: col, value: 'spain', n: '9', m: '0' }),
          row({ col, part: col, value: 'n/a', n: '9', m: '0' }),
        ]
      : [row({ col, part: col, value: '999', n: '12' })],
  ),
  ...columns.flatMap((a) => columns.map((b) => row({ a: a.name, b: b.name }))),
];

/** Every statement that the rules could come to ask about these columns, and every check of a finding of theirs. */
export const statementsAbout = (
  engine: Engine,
  tables: readonly TableProfile[],
): { readonly statements: readonly string[]; readonly checks: readonly RuleFinding[] } => {
  const outlines = outlineTables(tables);
  const statements: string[] = [];
  const checks: RuleFinding[] = [];
  const take = ({ findings, next }: Reading, table: TableProfile): void => {
    for (const finding of findings ?? []) if (finding.check !== undefined) checks.push(finding);
    ask(next ?? [], table);
  };
  const ask = (questions: readonly Question[], table: TableProfile): void => {
    for (const question of questions) {
      statements.push(question.sql);
      const all = answerOf(table);
      take(question.read(all, 'e000000000001'), table);
      // Without groups: what no state explains.
      take(question.read(all.slice(0, 12), 'e000000000001'), table);
    }
  };
  for (const table of tables) {
    const subject: RuleSubject = { source: 'odd', engine, table, outlines };
    const { known, questions } = planRules(subject);
    take(known, table);
    ask(questions, table);
  }
  return { statements, checks };
};

/** Every finding that the rules come to where each question is answered once, each with its table. */
export const findingsAbout = (
  engine: Engine,
  tables: readonly TableProfile[],
): readonly { readonly table: string; readonly finding: RuleFinding }[] => {
  const outlines = outlineTables(tables);
  return tables.flatMap((table) => {
    const { known, questions } = planRules({ source: 'odd', engine, table, outlines });
    const read = (question: Question): readonly Reading[] => {
      const reading = question.read(answerOf(table), 'e000000000001');
      return [reading, ...(reading.next ?? []).flatMap(read)];
    };
    return [known, ...questions.flatMap(read)].flatMap(({ findings }) =>
      (findings ?? []).map((finding) => ({ table: table.table, finding })),
    );
  });
};
