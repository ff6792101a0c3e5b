import { quoteName, quoteText } from '../../sql-name.ts';
import { sqliteNames } from './names.ts';
import type { CheckSql } from '../check-sql.ts';
import { hasShape } from '../has-shape.ts';
import { epoch, finite, plainValue } from './column-sql.ts';
import { shapeConditions } from './shape-conditions.ts';

const plain = ({ name }: { readonly name: string }): string => plainValue(quoteName(name));

const asText = ({ name }: { readonly name: string }): string => `cast(${quoteName(name)} as text)`;

/** SQLite 3.38 and later, with math functions and REGEXP, as its own shell has them. */
export const sqliteCheckSql: CheckSql = {
  name: quoteName,
  table: sqliteNames.quoteTable,
  text: quoteText,
  asText,
  // Whatever else is stored in a column of numbers is none.
  comparable: ({ name }) => `(${finite(quoteName(name))})`,
  asNumber: ({ name }) => `cast(${finite(quoteName(name))} as real)`,
  asSeconds: ({ name }) => `(${epoch(quoteName(name))})`,
  now: 'unixepoch()',
  exactly: plain,
  asKey: ({ name }) => quoteName(name),
  matches: (value, pattern) => `${value} regexp ${quoteText(pattern)}`,
  hasShape: (column, shape) => hasShape(shapeConditions(asText(column)), shape),
  isNotFinite: ({ name }) => `(${quoteName(name)} is not null and (${finite(quoteName(name))}) is null)`,
  quartiles: (value, from) =>
    [
      `select ${[0.25, 0.5, 0.75].map((share, index) => `sum(v * max(0.0, 1.0 - abs(r - 1 - ${share} * (n - 1)))) as q${index + 1}`).join(', ')}`,
      `from (select ${value} as v, row_number() over (order by ${value}) as r, count(*) over () as n from ${from} where ${value} is not null) ranked`,
    ].join('\n'),
};
