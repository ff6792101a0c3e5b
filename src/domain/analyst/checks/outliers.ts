import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { groupColumns, measuredColumns, timeColumns } from '../column-roles.ts';
import { type Check, type Finding, type Rows, countOf, num, percent } from '../finding.ts';
import { asNumber, asTime, isOrdinary, literal, number, quote, quoteTable } from '../sql.ts';
import { isPercent } from './profile-findings.ts';

/** Looks at the values beyond the fences of the profile: how far, which, and whether one of them stands for “unknown”. */
export const outlierChecks = (table: DigestTable): readonly Check[] => {
  const columns = measuredColumns(table).filter(({ outliers }) => outliers !== undefined && outliers.below + outliers.above > 0);
  const known = columns.slice(0, 12);
  if (known.length === 0) return [];
  return [
    {
      about: `${table.table}: values far outside the usual range`,
      sql: known.map((column) => `(${beyond(table, column)})`).join('\nunion all\n'),
      read: (rows, evidence) => {
        const read = known.map((column) => readColumn(table, column, rows.filter((row) => row['column'] === column.name), evidence));
        return { findings: read.flatMap(({ findings }) => findings), next: read.flatMap(({ next }) => next) };
      },
    },
  ];
};

type Fences = { readonly low: number; readonly high: number; readonly far_low: number; readonly far_high: number };

/** The fences lie three interquartile ranges from the quartiles, so seven apart; far is ten more, which no ordinary tail reaches. */
const fencesOf = (column: DigestColumn): Fences => {
  const { low_fence: low, high_fence: high } = column.outliers ?? { low_fence: 0, high_fence: 0 };
  const range = (high - low) / 7;
  return { low, high, far_low: low - 10 * range, far_high: high + 10 * range };
};

const beyond = (table: DigestTable, column: DigestColumn): string => {
  const { low, high, far_low, far_high } = fencesOf(column);
  const value = asNumber(column.name);
  return [
    `select ${literal(column.name)} as "column", ${value} as value, count(*) as n, cast(sum(count(*)) over () as bigint) as total,`,
    `  cast(sum(case when ${value} < ${number(far_low)} or ${value} > ${number(far_high)} then count(*) else 0 end) over () as bigint) as far, count(*) over () as different`,
    `from ${quoteTable(table.table)} where ${isOrdinary(column.name)} and (${value} < ${number(low)} or ${value} > ${number(high)})`,
    'group by 2 order by n desc, 2 limit 6',
  ].join('\n');
};

const readColumn = (table: DigestTable, column: DigestColumn, rows: Rows, evidence: string): { readonly findings: readonly Finding[]; readonly next: readonly Check[] } => {
  const first = rows[0];
  const total = num(first?.['total']);
  if (first === undefined || total === 0) return { findings: [], next: [] };
  const fences = fencesOf(column);
  const of = table.rows.count - (column.nulls?.count ?? 0);
  const placeholder = rows.find((row) => num(row['n']) >= 3 && standsForUnknown(num(row['value']), num(row['n']), total, num(row['different'])));
  const [marked, value] = [num(placeholder?.['n']), num(placeholder?.['value'])];
  const rest = total - marked;
  const far = num(first['far']);
  const about = { table: table.table, column: column.name, of, evidence: [evidence] };
  const range = `${round(fences.low)} to ${round(fences.high)}`;
  const findings: Finding[] = [];
  if (marked > 0) {
    findings.push({ ...about, severity: 'medium', title: `${column.name} holds the placeholder ${value}`, detail: `${countOf(marked, 'row')} hold exactly ${value}, far from the usual range (${range}). So many equal values there look like a mark for “unknown”.`, advice: 'Store NULL instead; until then leave the value out of every average.', rows: marked, check: `select count(*) from ${quoteTable(table.table)} where ${quote(column.name)} = ${number(value)}` });
  }
  if (rest > 0 && (far > marked || rest <= 0.03 * of)) {
    const isFar = far > marked || rest <= 0.01 * of;
    findings.push({
      ...about,
      severity: isFar ? 'medium' : 'low',
      title: `${column.name} has outliers`,
      detail: `${countOf(rest, 'row')} (${percent(rest, of)}) lie outside ${range}, three interquartile ranges from the quartiles${far > marked ? `; ${countOf(Math.max(0, far - (isBeyond(value, fences) ? marked : 0)), 'row')} more than ten further` : ''}. The profile’s extremes are ${column.range?.min} and ${column.range?.max}, the median is ${column.quantiles?.p50}.`,
      advice: 'Look for another unit, a shifted decimal point or a mistyped digit, and decide on a range to accept.',
      rows: rest,
      check: `select count(*) from ${quoteTable(table.table)} where ${quote(column.name)} not between ${number(fences.low)} and ${number(fences.high)}`,
    });
  }
  return { findings, next: rest >= 20 ? concentration(table, column, fences, marked > 0 ? value : undefined, rest) : [] };
};

const isBeyond = (value: number, { far_low, far_high }: Fences): boolean => value < far_low || value > far_high;

/** Nines, minus one, the largest number of a byte and the like; or most of the outliers in very few values. */
const standsForUnknown = (value: number, n: number, total: number, different: number): boolean =>
  /^-?9{2,}(\.0*)?$/.test(String(value)) || [-1, 127, 255, 32_767, 65_535, 2_147_483_647].includes(value) || (value === 0 && n >= 0.5 * total) || (n >= 10 && n >= 0.5 * total && different <= 4);

/** Asks whether the outliers belong to one device, site, status …: then it is that one’s error. */
const concentration = (table: DigestTable, column: DigestColumn, fences: Fences, placeholder: number | undefined, rest: number): readonly Check[] => {
  const groups = groupColumns(table).slice(0, 4);
  const time = timeColumns(table)[0];
  if (groups.length === 0) return [];
  const value = asNumber(column.name);
  const where = `${isOrdinary(column.name)} and (${value} < ${number(fences.low)} or ${value} > ${number(fences.high)})${placeholder === undefined ? '' : ` and ${value} <> ${number(placeholder)}`}`;
  const one = (group: DigestColumn): string =>
    `(select ${literal(group.name)} as "group", cast(${quote(group.name)} as varchar) as value, count(*) as n, ` +
    `${time === undefined ? 'null' : `cast(min(${asTime(time.name)}) as varchar)`} as since from ${quoteTable(table.table)} where ${where} group by 2 order by n desc limit 1)`;
  return [
    {
      about: `${table.table}: where the outliers of ${column.name} come from`,
      sql: groups.map(one).join('\nunion all\n'),
      read: (rows, evidence) => {
        const owner = rows.find((row) => num(row['n']) >= 0.9 * rest);
        if (owner === undefined || groups.length === 0) return {};
        const [n, group] = [num(owner['n']), owner['group'] ?? ''];
        return {
          findings: [
            {
              severity: 'high',
              table: table.table,
              column: column.name,
              title: `The outliers of ${column.name} come from one ${group}`,
              detail: `${countOf(n, 'row')} of the ${rest.toLocaleString('en-US')} outliers of ${column.name} have ${group} = ${owner['value']}${owner['since'] == null || time === undefined ? '' : `, the first in ${time.name} ${owner['since'].slice(0, 16)}`}. Other values of ${group} have hardly any.`,
              advice: 'Look at this one’s unit, calibration or configuration; convert or exclude its values until it is repaired.',
              rows: n,
              of: rest,
              evidence: [evidence],
            },
          ],
        };
      },
    },
  ];
};

const round = (value: number): string => String(Number(value.toPrecision(6)));

/** Counts percentages below 0 and above 100. */
export const percentChecks = (table: DigestTable): readonly Check[] => {
  const columns = table.columns.filter((column) => isPercent(column) && (Number(column.range?.min ?? 0) < 0 || Number(column.range?.max ?? 0) > 100));
  return columns.map((column) => {
    const where = `${isOrdinary(column.name)} and ${asNumber(column.name)} not between 0 and 100`;
    const sql = `select count(*) as n from ${quoteTable(table.table)} where ${where}`;
    return {
      about: `${table.table}: percentages outside 0 to 100`,
      sql,
      read: (rows, evidence) => {
        const n = num(rows[0]?.['n']);
        if (n === 0 || n > 0.2 * table.rows.count) return {};
        return { findings: [{ severity: 'medium', table: table.table, column: column.name, title: `${column.name} is outside 0 to 100`, detail: `${countOf(n, 'row')} hold a percentage that cannot be; the profile’s extremes are ${column.range?.min} and ${column.range?.max}.`, advice: 'Reject such values when loading.', rows: n, of: table.rows.count, evidence: [evidence], check: sql }] };
      },
    };
  });
};
