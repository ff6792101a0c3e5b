import type { DigestColumn, DigestTable } from '../../profile-digest.ts';
import { groupColumns, measuredColumns, timeColumns } from '../column-roles.ts';
import { type Check, type Finding, type Reading, type Rows, countOf, num, percent, verb } from '../finding.ts';
import type { CheckSql } from '../../engines/check-sql.ts';
import { isOrdinary, median, number, showMoment } from '../sql.ts';
import { unitHint } from '../unit-hint.ts';

/** Looks at the values beyond the fences of the profile: how far, which, and whether one of them stands for “unknown”. */
export const outlierChecks = (table: DigestTable, sql: CheckSql): readonly Check[] => {
  const columns = measuredColumns(table).filter(
    // What a planner keeps of a column shows its tails badly.
    ({ outliers }) => outliers !== undefined && (outliers.below + outliers.above > 0 || outliers.basis === 'planner'),
  );
  const known = columns.slice(0, 12);
  if (known.length === 0) return [];
  return [
    {
      about: `${table.table}: values far outside the usual range`,
      sql: known.map((column) => `(${beyond(table, column, sql)})`).join('\nunion all\n'),
      read: (rows, evidence) => {
        const read = known.map((column) =>
          readColumn(
            table,
            column,
            rows.filter((row) => row['col'] === column.name),
            evidence,
            sql,
          ),
        );
        return {
          findings: read.flatMap(({ findings }) => findings),
          facts: read.flatMap(({ facts }) => facts),
          next: read.flatMap(({ next }) => next),
        };
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

const beyond = (table: DigestTable, column: DigestColumn, sql: CheckSql): string => {
  const { low, high, far_low, far_high } = fencesOf(column);
  return [
    `select ${sql.text(column.name)} as col, x as value, count(*) as n, sum(count(*)) over () as total,`,
    `  sum(case when x < ${number(far_low)} or x > ${number(far_high)} then count(*) else 0 end) over () as far`,
    `from (select ${sql.asNumber(column)} as x from ${sql.table(table.table)} where ${isOrdinary(sql, column)}) t`,
    `where x < ${number(low)} or x > ${number(high)} group by x order by n desc, x limit 6`,
  ].join('\n');
};

const readColumn = (
  table: DigestTable,
  column: DigestColumn,
  rows: Rows,
  evidence: string,
  sql: CheckSql,
): Required<Pick<Reading, 'findings' | 'facts' | 'next'>> => {
  const first = rows[0];
  const total = num(first?.['total']);
  if (first === undefined || total === 0) return { findings: [], facts: [], next: [] };
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
      detail: `${countOf(marked, 'row')} ${verb(marked, 'holds', 'hold')} exactly ${value}, far from the usual range (${range}). So many equal values there look like a mark for “unknown”.`,
      advice: 'Store NULL instead; until then leave the value out of every average.',
      rows: marked,
      check: `select count(*) from ${sql.table(table.table)} where ${sql.comparable(column)} = ${number(value)}`,
    });
  }
  // More than one in a hundred that are not far out are the tail of a skewed column; more than one in twenty are another
  // kind of rows, as films among songs.
  if (rest > 0 && rest <= (far > marked ? 0.05 : 0.01) * of) {
    findings.push({
      ...about,
      severity: 'medium',
      kind: 'outliers',
      title: `${column.name} has outliers`,
      detail: `${countOf(rest, 'row')} (${percent(rest, of)}) ${verb(rest, 'lies', 'lie')} outside ${range}, three interquartile ranges from the quartiles${far > marked ? `; ${countOf(Math.max(0, far - (isBeyond(value, fences) ? marked : 0)), 'row')} more than ten further` : ''}. The profile’s extremes are ${column.range?.min} and ${column.range?.max}, the median is ${column.quantiles?.p50}.`,
      advice: 'Look for another unit, a shifted decimal point or a mistyped digit, and decide on a range to accept.',
      rows: rest,
      check: `select count(*) from ${sql.table(table.table)} where ${sql.comparable(column)} not between ${round(fences.low)} and ${round(fences.high)}`,
    });
  }
  const isAnotherKind = far > marked && rest > 0.05 * of;
  return {
    findings,
    facts: isAnotherKind
      ? [
          {
            table: table.table,
            text: `${percent(rest, of)} of ${column.name} lie outside ${range}, some far outside: a long tail, or rows of another kind.`,
            evidence: [evidence],
          },
        ]
      : [],
    next: rest >= 5 ? [concentration(table, column, fences, marked > 0 ? value : undefined, rest, sql)] : [],
  };
};

const isBeyond = (value: number, { far_low, far_high }: Fences): boolean => value < far_low || value > far_high;

/** Far away: nines, minus one, the largest number of a byte and the like, or half of the outliers in one value; or a zero. */
const standsForUnknown = (value: number, n: number, total: number, fences: Fences): boolean =>
  isBeyond(value, fences)
    ? /^-?9{2,}(\.0*)?$/.test(String(value)) ||
      [-1, 127, 255, 32_767, 65_535, 2_147_483_647].includes(value) ||
      (n >= 10 && n >= 0.5 * total)
    : value === 0 && n >= 0.5 * total;

/** Asks whether the outliers belong to one device, site, product …, since when, and whether another unit explains them. */
const concentration = (
  table: DigestTable,
  column: DigestColumn,
  fences: Fences,
  placeholder: number | undefined,
  rest: number,
  sql: CheckSql,
): Check => {
  const groups = groupColumns(table).slice(0, 4);
  const time = timeColumns(table)[0];
  const isOutlier = `x < ${number(fences.low)} or x > ${number(fences.high)}`;
  const isKnown = placeholder === undefined ? '' : ` where x <> ${number(placeholder)}`;
  // Rows are put in order for the medians of one group only, the one with the most outliers.
  const parts = [undefined, ...groups].map((group, index) => ({
    rows: `t${index} as (select g, shown, x, s, case when ${isOutlier} then 1 else 0 end as is_outlier from (
  select ${group === undefined ? '1' : sql.exactly(group)} as g, ${group === undefined ? 'null' : sql.asText(group)} as shown, ${sql.asNumber(column)} as x, ${time === undefined ? 'null' : sql.asSeconds(time)} as s
  from ${sql.table(table.table)} where ${isOrdinary(sql, column)}) t${isKnown})`,
    first: `first${index} as (select g, min(shown) as shown, sum(is_outlier) as n, count(*) as every_row, min(case when is_outlier = 1 then s end) as since
  from t${index} group by g order by n desc, shown limit 1)`,
    answer: `select ${group === undefined ? 'null' : sql.text(group.name)} as part, max(shown) as value, max(n) as n, max(every_row) as every_row, max(since) as since,
  ${median('case when is_outlier = 1 then x end', 'r', 'alike')} as unusual, ${median('case when is_outlier = 0 then x end', 'r', 'alike')} as usual
from (select f.shown, f.n, f.every_row, f.since, t.x, t.is_outlier,
  row_number() over (partition by t.is_outlier order by t.x) as r, count(*) over (partition by t.is_outlier) as alike
  from first${index} f join t${index} t on t.g = f.g) ranked`,
  }));
  return {
    about: `${table.table}: where the outliers of ${column.name} come from`,
    sql: `with ${parts.flatMap(({ rows, first }) => [rows, first]).join(',\n')}\n${parts.map(({ answer }) => answer).join('\nunion all\n')}`,
    read: (rows, evidence) => {
      const all = rows.find((row) => row['part'] === null);
      // One that holds most of the table holds most of anything.
      const owner = rows.find(
        (row) =>
          row['part'] !== null &&
          num(row['n']) >= Math.max(10, 0.9 * rest) &&
          num(row['every_row']) <= 0.5 * table.rows.count,
      );
      const hint = unitHint(column, num((owner ?? all)?.['usual']), num((owner ?? all)?.['unusual']));
      const about = { table: table.table, evidence: [evidence] };
      if (owner === undefined)
        return hint === undefined ? {} : { facts: [{ ...about, text: `The outliers of ${column.name} ${hint}.` }] };
      const [n, group] = [num(owner['n']), owner['part'] ?? ''];
      const since =
        typeof owner['since'] !== 'string' || time === undefined
          ? ''
          : `, the first at ${time.name} ${showMoment(num(owner['since']))}`;
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
