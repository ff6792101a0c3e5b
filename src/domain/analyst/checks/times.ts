import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { isDay, measuredColumns, timeColumns } from '../column-roles.ts';
import { names, plannedTimes } from '../words.ts';
import { type Check, type Finding, type Reading, type Rows, countOf, num, percent, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { countIf, startOfDay } from '../sql.ts';

/** Looks at what two times of one row say of each other: their order, their delay, and columns that should be the time between. */
export const timeChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const pairs = timePairs(table);
  return pairs.length === 0 ? [] : [delays(table, pairs, sql), ...durations(table, pairs, sql)];
};

type Pair = { readonly a: DigestColumn; readonly b: DigestColumn };

/** Every two times of a row at which something happened, the usually earlier one first. */
const timePairs = (table: DigestTable): readonly Pair[] => {
  const times = timeColumns(table)
    .filter((column) => !names(column, ...plannedTimes))
    .slice(0, 5);
  return times.flatMap((x, index) =>
    times.slice(index + 1).map((y) => (isUsuallyEarlier(y, x) ? { a: y, b: x } : { a: x, b: y })),
  );
};

/**
 * Whether most of the quantiles lie earlier. One alone will not do: two times of a row are often minutes apart, and a
 * handful of wrong years in one column moves its median by more than that.
 */
const isUsuallyEarlier = (x: DigestColumn, y: DigestColumn): boolean => {
  const order = (['p01', 'p25', 'p50', 'p75'] as const).map((point) =>
    Math.sign(String(x.quantiles?.[point] ?? '').localeCompare(String(y.quantiles?.[point] ?? ''))),
  );
  return order.reduce((sum, sign) => sum + sign, 0) < 0;
};

/** Seconds between the two times of a row. */
const delayOf = ({ a, b }: Pair, sql: CheckSql): string => {
  // What happened on the day of a time did not happen before it, although its day began before.
  const round = isDay(a) === isDay(b) ? (seconds: string) => seconds : startOfDay;
  return `${round(sql.asSeconds(b))} - ${round(sql.asSeconds(a))}`;
};

const delays = (table: DigestTable, pairs: readonly Pair[], sql: CheckSql): Check => ({
  about: `${table.table}: order and delay of its times`,
  sql: [
    `with ${pairs
      .flatMap((pair, index) => [
        `d${index} as (select s from (select ${delayOf(pair, sql)} as s from ${sql.table(table.table)}) t where s is not null)`,
        `q${index} as (${sql.quartiles('s', `d${index}`)})`,
      ])
      .join(',\n')}`,
    pairs
      .map((pair, index) =>
        [
          `select ${sql.text(pair.a.name)} as a, ${sql.text(pair.b.name)} as b, count(*) as n, ${countIf('s < 0')} as reversed,`,
          `  ${countIf(isLate)} as late, max(q2) as middle, min(case when ${isLate} then s end) as shortest, max(s) as longest`,
          `from d${index} cross join q${index}`,
        ].join('\n'),
      )
      .join('\nunion all\n'),
  ].join('\n'),
  read: (rows, evidence) => ({ findings: pairs.flatMap((pair) => readDelays(table, pair, rows, evidence, sql)) }),
});

const isLate = 's > q3 + 10 * greatest(q3 - q1, 60)';

/** Names of times at which a row reached a system, rather than of something that happened to what it describes. */
const arrival = [
  'received',
  'arrived',
  'ingested',
  'loaded',
  'imported',
  'synced',
  'landed',
  'inserted',
  'recorded',
  'stored',
  'processed',
  'logged',
];

const readDelays = (
  table: DigestTable,
  { a, b }: Pair,
  rows: Rows,
  evidence: string,
  sql: CheckSql,
): readonly Finding[] => {
  const row = rows.find((candidate) => candidate['a'] === a.name && candidate['b'] === b.name);
  const [n, reversed, late] = [num(row?.['n']), num(row?.['reversed']), num(row?.['late'])];
  const about = { table: table.table, column: b.name, of: n, evidence: [evidence] };
  const isArrival = names(b, ...arrival);
  const findings: Finding[] = [];
  if (reversed > 0 && reversed <= 0.1 * n) {
    findings.push({
      ...about,
      severity: 'medium',
      kind: 'reversed_times',
      title: `${b.name} is before ${a.name}`,
      detail: `${countOf(reversed, 'row')} of ${n.toLocaleString('en-US')} (${percent(reversed, n)}) ${verb(reversed, 'has', 'have')} ${b.name} before ${verb(reversed, 'its', 'their')} ${a.name}, the reverse of all others. Durations between the two come out negative.`,
      advice: 'Find out which of the two times is wrong.',
      rows: reversed,
      check: `select count(*) from ${sql.table(table.table)} where ${sql.name(b.name)} < ${sql.name(a.name)}`,
    });
  }
  if (late > 0 && late <= 0.1 * n && num(row?.['shortest']) >= 600) {
    findings.push({
      ...about,
      severity: isArrival ? 'high' : 'low',
      kind: 'late',
      title: isArrival ? `Data arrives late in ${table.table}` : `Unusually long from ${a.name} to ${b.name}`,
      detail: `In ${countOf(late, 'row')} of ${n.toLocaleString('en-US')} (${percent(late, n)}) ${b.name} follows ${a.name} by ${between(num(row?.['shortest']), num(row?.['longest']))}; the median is ${duration(num(row?.['middle']))}.`,
      advice: isArrival
        ? `What is computed from ${a.name} changes after the fact: wait, or compute such periods again.`
        : 'Look at these cases; they pull averages up.',
      rows: late,
    });
  }
  return findings;
};

const between = (shortest: number, longest: number): string => {
  const [from, to] = [duration(shortest), duration(longest)];
  return from === to ? from : `${from} to ${to}`;
};

/** Numbers that equal the time between two times in most rows: where they do not, one of the three is wrong. */
const durations = (table: DigestTable, pairs: readonly Pair[], sql: CheckSql): readonly Check[] => {
  const columns = measuredColumns(table)
    .filter((column) => names(column, ...durationNames))
    .slice(0, 4);
  if (columns.length === 0) return [];
  const asked = pairs.flatMap((pair) => columns.map((column) => ({ pair, column })));
  return [
    {
      about: `${table.table}: durations against the times they are between`,
      sql: asked
        .map(({ pair, column }) =>
          [
            `select ${sql.text(pair.a.name)} as a, ${sql.text(pair.b.name)} as b, ${sql.text(column.name)} as x, count(*) as n,`,
            `  ${units.map(([unit, seconds]) => `${countIf(`abs(s / ${seconds}.0 - x) <= 1`)} as in_${unit}`).join(', ')}`,
            `from (select ${delayOf(pair, sql)} as s, ${sql.asNumber(column)} as x from ${sql.table(table.table)}) t where s is not null and x is not null`,
          ].join('\n'),
        )
        .join('\nunion all\n'),
      read: (rows, evidence) =>
        asked.map(({ pair, column }) => readDuration(table, pair, column, rows, evidence, sql)).reduce(join, {}),
    },
  ];
};

const durationNames = [
  'seconds',
  'secs',
  'sec',
  'minutes',
  'mins',
  'min',
  'hours',
  'hrs',
  'days',
  'duration',
  'elapsed',
  'age',
  'wait',
  'delay',
  'latency',
  'time',
];
const units = [['seconds', 1], ['minutes', 60], ['hours', 3_600], ['days', 86_400]] as const; // prettier-ignore

const readDuration = (
  table: DigestTable,
  { a, b }: Pair,
  column: DigestColumn,
  rows: Rows,
  evidence: string,
  sql: CheckSql,
): Reading => {
  const row = rows.find(
    (candidate) => candidate['a'] === a.name && candidate['b'] === b.name && candidate['x'] === column.name,
  );
  const n = num(row?.['n']);
  const [unit = '', seconds = 1] = units.toSorted(([x], [y]) => num(row?.[`in_${y}`]) - num(row?.[`in_${x}`]))[0] ?? [];
  const wrong = n - num(row?.[`in_${unit}`]);
  if (n < 20 || wrong > 0.2 * n) return {};
  const fact = {
    table: table.table,
    text: `${column.name} is the time from ${a.name} to ${b.name} in ${unit} in ${percent(n - wrong, n)} of ${countOf(n, 'row')}.`,
    evidence: [evidence],
  };
  if (wrong === 0) return { facts: [fact] };
  const finding: Finding = {
    severity: 'medium',
    table: table.table,
    column: column.name,
    kind: 'wrong_duration',
    title: `${column.name} does not fit its times`,
    detail: `${column.name} is the time from ${a.name} to ${b.name} in ${unit}, but not in ${countOf(wrong, 'row')} of ${n.toLocaleString('en-US')} (${percent(wrong, n)}).`,
    advice: 'Compute it from the two times instead of storing it, or find out which of the three is wrong.',
    rows: wrong,
    of: n,
    evidence: [evidence],
    check: `select count(*) from ${sql.table(table.table)} where abs((${delayOf({ a, b }, sql)}) / ${seconds}.0 - ${sql.asNumber(column)}) > 1`,
  };
  return { facts: [fact], findings: [finding] };
};

const join = (left: Reading, right: Reading): Reading => ({
  findings: [...(left.findings ?? []), ...(right.findings ?? [])],
  facts: [...(left.facts ?? []), ...(right.facts ?? [])],
});

/** Seconds as people say them. */
export const duration = (seconds: number): string => {
  const size = Math.abs(seconds);
  if (size < 120) return `${Math.round(seconds)} s`;
  if (size < 7_200) return `${Math.round(seconds / 60)} min`;
  if (size < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
};
