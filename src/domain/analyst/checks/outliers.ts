import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { groupColumns, measuredColumns, timeColumns } from '../column-roles.ts';
import { type Check, type Finding, type Rows, countOf, num, percent } from '../finding.ts';
import { asNumber, asTime, isOrdinary, number } from '../sql.ts';
import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';
import { unitHint } from '../unit-hint.ts';

/** Looks at the values beyond the fences of the profile: how far, which, and whether one of them stands for “unknown”. */
export const outlierChecks = (table: DigestTable): readonly Check[] => {
  const columns = measuredColumns(table).filter(
    ({ outliers }) => outliers !== undefined && outliers.below + outliers.above > 0,
  );
  const known = columns.slice(0, 12);
  if (known.length === 0) return [];
  return [
    {
      about: `${table.table}: values far outside the usual range`,
      sql: known.map((column) => `(${beyond(table, column)})`).join('\nunion all\n'),
      read: (rows, evidence) => {
        const read = known.map((column) =>
          readColumn(
            table,
            column,
            rows.filter((row) => row['column'] === column.name),
            evidence,
          ),
        );
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
    `select ${quoteText(column.name)} as "column", ${value} as value, count(*) as n, cast(sum(count(*)) over () as bigint) as total,`,
    `  cast(sum(case when ${value} < ${number(far_low)} or ${value} > ${number(far_high)} then count(*) else 0 end) over () as bigint) as far`,
    `from ${quoteTable(table.table)} where ${isOrdinary(column.name)} and (${value} < ${number(low)} or ${value} > ${number(high)})`,
    'group by 2 order by n desc, 2 limit 6',
  ].join('\n');
};

const readColumn = (
  table: DigestTable,
  column: DigestColumn,
  rows: Rows,
  evidence: string,
): { readonly findings: readonly Finding[]; readonly next: readonly Check[] } => {
  const first = rows[0];
  const total = num(first?.['total']);
  if (first === undefined || total === 0) return { findings: [], next: [] };
  const fences = fencesOf(column);
  const of = table.rows.count - (column.nulls?.count ?? 0);
  const placeholder = rows.find(
    (row) => num(row['n']) >= 3 && standsForUnknown(num(row['value']), num(row['n']), total, fences),
  );
  const [marked, value] = [num(placeholder?.['n']), num(placeholder?.['value'])];
  const rest = total - marked;
  const far = num(first['far']);
  const about = { table: table.table, column: column.name, of, evidence: [evidence] };
  const range = `${round(fences.low)} to ${round(fences.high)}`;
  const findings: Finding[] = [];
  if (marked > 0) {
    findings.push({
      ...about,
      severity: 'medium',
      kind: 'placeholder',
      title: `${column.name} holds the placeholder ${value}`,
      detail: `${countOf(marked, 'row')} hold exactly ${value}, far from the usual range (${range}). So many equal values there look like a mark for “unknown”.`,
      advice: 'Store NULL instead; until then leave the value out of every average.',
      rows: marked,
      check: `select count(*) from ${quoteTable(table.table)} where ${quoteName(column.name)} = ${number(value)}`,
    });
  }
  // More than one in a hundred that are not far out are the tail of a skewed column.
  if (rest > 0 && (far > marked || rest <= 0.01 * of)) {
    findings.push({
      ...about,
      severity: 'medium',
      kind: 'outliers',
      title: `${column.name} has outliers`,
      detail: `${countOf(rest, 'row')} (${percent(rest, of)}) lie outside ${range}, three interquartile ranges from the quartiles${far > marked ? `; ${countOf(Math.max(0, far - (isBeyond(value, fences) ? marked : 0)), 'row')} more than ten further` : ''}. The profile’s extremes are ${column.range?.min} and ${column.range?.max}, the median is ${column.quantiles?.p50}.`,
      advice: 'Look for another unit, a shifted decimal point or a mistyped digit, and decide on a range to accept.',
      rows: rest,
      check: `select count(*) from ${quoteTable(table.table)} where ${quoteName(column.name)} not between ${round(fences.low)} and ${round(fences.high)}`,
    });
  }
  return {
    findings,
    next: rest >= 5 ? [concentration(table, column, fences, marked > 0 ? value : undefined, rest)] : [],
  };
};

const isBeyond = (value: number, { far_low, far_high }: Fences): boolean => value < far_low || value > far_high;

/** Nines, minus one, the largest number of a byte and the like; or half of the outliers in one value far away. */
const standsForUnknown = (value: number, n: number, total: number, fences: Fences): boolean =>
  /^-?9{2,}(\.0*)?$/.test(String(value)) ||
  [-1, 127, 255, 32_767, 65_535, 2_147_483_647].includes(value) ||
  (value === 0 && n >= 0.5 * total) ||
  (n >= 10 && n >= 0.5 * total && isBeyond(value, fences));

/** Asks whether the outliers belong to one device, site, product …, since when, and whether another unit explains them. */
const concentration = (
  table: DigestTable,
  column: DigestColumn,
  fences: Fences,
  placeholder: number | undefined,
  rest: number,
): Check => {
  const groups = groupColumns(table).slice(0, 4);
  const time = timeColumns(table)[0];
  const value = asNumber(column.name);
  const isOutlier = `${isOrdinary(column.name)} and (${value} < ${number(fences.low)} or ${value} > ${number(fences.high)})${placeholder === undefined ? '' : ` and ${value} <> ${number(placeholder)}`}`;
  const one = (group: DigestColumn | undefined): string =>
    [
      `(select ${group === undefined ? 'null' : quoteText(group.name)} as "group", ${group === undefined ? 'null' : `cast(${quoteName(group.name)} as varchar)`} as value,`,
      `  count(*) filter (where ${isOutlier}) as n, count(*) as every,`,
      `  quantile_cont(${value}, 0.5) filter (where ${isOutlier}) as unusual, quantile_cont(${value}, 0.5) filter (where not (${isOutlier}) and ${isOrdinary(column.name)}) as usual,`,
      `  ${time === undefined ? 'null' : `cast(min(${asTime(time.name)}) filter (where ${isOutlier}) as varchar)`} as since`,
      `from ${quoteTable(table.table)} group by 2 order by n desc limit 1)`,
    ].join('\n');
  return {
    about: `${table.table}: where the outliers of ${column.name} come from`,
    sql: [undefined, ...groups].map(one).join('\nunion all\n'),
    read: (rows, evidence) => {
      const all = rows.find((row) => row['group'] === null);
      // One that holds most of the table holds most of anything.
      const owner = rows.find(
        (row) =>
          row['group'] !== null &&
          num(row['n']) >= Math.max(10, 0.9 * rest) &&
          num(row['every']) <= 0.5 * table.rows.count,
      );
      const hint = unitHint(column, num((owner ?? all)?.['usual']), num((owner ?? all)?.['unusual']));
      const about = { table: table.table, evidence: [evidence] };
      if (owner === undefined)
        return hint === undefined ? {} : { facts: [{ ...about, text: `The outliers of ${column.name} ${hint}.` }] };
      const [n, group] = [num(owner['n']), owner['group'] ?? ''];
      const since =
        typeof owner['since'] !== 'string' || time === undefined
          ? ''
          : `, the first at ${time.name} ${owner['since'].slice(0, 16)}`;
      return {
        findings: [
          {
            ...about,
            severity: 'high',
            column: column.name,
            kind: 'outliers_of_one',
            title: `The outliers of ${column.name} come from one ${group}`,
            detail: `${n === rest ? 'All' : `${n.toLocaleString('en-US')} of the`} ${rest.toLocaleString('en-US')} outliers of ${column.name} have ${group} = ${owner['value']}${since}.${hint === undefined ? '' : ` They ${hint}.`}`,
            advice:
              'Look at this one’s unit, calibration or configuration; convert or exclude its values until it is repaired.',
            rows: n,
            of: rest,
          },
        ],
      };
    },
  };
};

const round = (value: number): string => String(Number(value.toPrecision(6)));
