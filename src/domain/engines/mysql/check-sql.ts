import { mysqlNames } from './names.ts';
import { median } from '../sql-parts.ts';
import type { CheckedColumn, CheckSql } from '../check-sql.ts';
import { hasShape } from '../has-shape.ts';
import { shapeConditions } from './shape-conditions.ts';

const { quoteName, quoteTable, quoteText } = mysqlNames;

/** 1970-01-01 in MySQL’s count of seconds since the year 0. */
const epochStart = 62_167_219_200;

/** MariaDB casts no geometry to text. */
const isGeometry = ({ type }: CheckedColumn): boolean => /^(multi)?(geom|point|linestring|polygon)/i.test(type);

const asText = (column: CheckedColumn): string =>
  isGeometry(column)
    ? `st_astext(${quoteName(column.name)})`
    : `cast(${quoteName(column.name)} as char character set utf8mb4)`;

/** As bytes: most collations take “Germany” and “GERMANY ” for the same. */
const exactly = (column: CheckedColumn): string => {
  switch (column.kind) {
    case 'text':
      return `cast(${asText(column)} as binary)`;
    case 'other':
      return `cast(${quoteName(column.name)} as binary)`;
    case 'number':
    case 'boolean':
    case 'time':
      return quoteName(column.name);
  }
};

/** MySQL 8 and MariaDB 10.3, and later ones of both. */
export const mysqlCheckSql: CheckSql = {
  name: quoteName,
  table: quoteTable,
  text: quoteText,
  asText,
  comparable: ({ name }) => quoteName(name),
  asNumber: ({ name }) => `cast(${quoteName(name)} as double)`,
  // Of a zero date, and of a year alone, to_seconds is NULL.
  asSeconds: ({ name }) => `(to_seconds(${quoteName(name)}) - ${epochStart} + microsecond(${quoteName(name)}) / 1e6)`,
  now: `(to_seconds(utc_timestamp()) - ${epochStart})`,
  exactly,
  // Columns of different collations cannot be compared as they are.
  asKey: (column) => (column.kind === 'text' ? `${asText(column)} collate utf8mb4_general_ci` : quoteName(column.name)),
  // Whether case counts would be the collation's choice.
  matches: (value, pattern) => `${value} regexp ${quoteText(`(?-i)${pattern}`)}`,
  hasShape: (column, shape) => hasShape(shapeConditions(asText(column)), shape),
  // There is neither NaN nor infinity.
  isNotFinite: () => '1 = 0',
  quartiles: (value, from) =>
    [
      'select max(case when r = ceil(n * 0.25) then v end) as q1,',
      `  ${median('v', 'r', 'n')} as q2,`,
      '  max(case when r = ceil(n * 0.75) then v end) as q3',
      `from (select ${value} as v, row_number() over (order by ${value}) as r, count(*) over () as n from ${from} where ${value} is not null) ranked`,
    ].join('\n'),
};
