import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { measuredColumns, timeColumns } from '../column-roles.ts';
import { names } from '../words.ts';
import { type Check, type Finding, type Reading, type Rows, countOf, num, percent } from '../finding.ts';
import { asNumber, asTime } from '../sql.ts';
import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';

/** Looks at what two times of one row say of each other: their order, their delay, and columns that should be the time between. */
export const timeChecks = (table: DigestTable): readonly Check[] => {
  const pairs = timePairs(table);
  return pairs.length === 0 ? [] : [delays(table, pairs), ...durations(table, pairs)];
};

type Pair = { readonly a: DigestColumn; readonly b: DigestColumn };

/** Every two times of a row, the usually earlier one first. */
const timePairs = (table: DigestTable): readonly Pair[] => {
  const times = timeColumns(table).slice(0, 5);
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

const delayOf = ({ a, b }: Pair): string => `date_diff('second', ${asTime(a.name)}, ${asTime(b.name)})`;

const delays = (table: DigestTable, pairs: readonly Pair[]): Check => ({
  about: `${table.table}: order and delay of its times`,
  sql: pairs
    .map((pair) =>
      [
        `(with d as (select ${delayOf(pair)} as s from ${quoteTable(table.table)} where ${quoteName(pair.a.name)} is not null and ${quoteName(pair.b.name)} is not null),`,
        'q as (select quantile_cont(s, 0.25) as q1, quantile_cont(s, 0.5) as q2, quantile_cont(s, 0.75) as q3 from d)',
        `select ${quoteText(pair.a.name)} as a, ${quoteText(pair.b.name)} as b, count(*) as n, count(*) filter (where s < 0) as reversed,`,
        '  count(*) filter (where s > q3 + 10 * greatest(q3 - q1, 60)) as late, any_value(q2) as median,',
        '  min(s) filter (where s > q3 + 10 * greatest(q3 - q1, 60)) as least, max(s) as most from d, q)',
      ].join('\n'),
    )
    .join('\nunion all\n'),
  read: (rows, evidence) => ({ findings: pairs.flatMap((pair) => readDelays(table, pair, rows, evidence)) }),
});

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

const readDelays = (table: DigestTable, { a, b }: Pair, rows: Rows, evidence: string): readonly Finding[] => {
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
      detail: `${countOf(reversed, 'row')} of ${n.toLocaleString('en-US')} (${percent(reversed, n)}) have ${b.name} before their ${a.name}, the reverse of all others. Durations between the two come out negative.`,
      advice: 'Find out which of the two times is wrong.',
      rows: reversed,
      check: `select count(*) from ${quoteTable(table.table)} where ${quoteName(b.name)} < ${quoteName(a.name)}`,
    });
  }
  if (late > 0 && late <= 0.1 * n && num(row?.['least']) >= 600) {
    findings.push({
      ...about,
      severity: isArrival ? 'high' : 'low',
      kind: 'late',
      title: isArrival ? `Data arrives late in ${table.table}` : `Unusually long from ${a.name} to ${b.name}`,
      detail: `In ${countOf(late, 'row')} of ${n.toLocaleString('en-US')} (${percent(late, n)}) ${b.name} follows ${a.name} by ${duration(num(row?.['least']))} to ${duration(num(row?.['most']))}; the median is ${duration(num(row?.['median']))}.`,
      advice: isArrival
        ? `What is computed from ${a.name} changes after the fact: wait, or compute such periods again.`
        : 'Look at these cases; they pull averages up.',
      rows: late,
    });
  }
  return findings;
};

/** Numbers that equal the time between two times in most rows: where they do not, one of the three is wrong. */
const durations = (table: DigestTable, pairs: readonly Pair[]): readonly Check[] => {
  const columns = measuredColumns(table)
    .filter((column) => names(column, ...durationNames))
    .slice(0, 4);
  if (columns.length === 0) return [];
  const asked = pairs.flatMap((pair) => columns.map((column) => ({ pair, column })));
  const fits = (pair: Pair, column: DigestColumn, seconds: number): string =>
    `count(*) filter (where abs(${delayOf(pair)} / ${seconds}.0 - ${asNumber(column.name)}) <= 1)`;
  return [
    {
      about: `${table.table}: durations against the times they are between`,
      sql: asked
        .map(
          ({ pair, column }) =>
            `select ${quoteText(pair.a.name)} as a, ${quoteText(pair.b.name)} as b, ${quoteText(column.name)} as x, count(*) as n, ${units.map(([unit, seconds]) => `${fits(pair, column, seconds)} as ${unit}`).join(', ')} ` +
            `from ${quoteTable(table.table)} where ${quoteName(pair.a.name)} is not null and ${quoteName(pair.b.name)} is not null and ${quoteName(column.name)} is not null`,
        )
        .join('\nunion all\n'),
      read: (rows, evidence) =>
        asked.map(({ pair, column }) => readDuration(table, pair, column, rows, evidence)).reduce(join, {}),
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
): Reading => {
  const row = rows.find(
    (candidate) => candidate['a'] === a.name && candidate['b'] === b.name && candidate['x'] === column.name,
  );
  const n = num(row?.['n']);
  const [unit = '', seconds = 1] = units.toSorted(([x], [y]) => num(row?.[y]) - num(row?.[x]))[0] ?? [];
  const wrong = n - num(row?.[unit]);
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
    check: `select count(*) from ${quoteTable(table.table)} where abs(${delayOf({ a, b })} / ${seconds}.0 - ${quoteName(column.name)}) > 1`,
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
