import { quoteName, quoteTable, quoteText } from '../../sql-name.ts';
import type { CheckSql } from '../check-sql.ts';
import { hasShape } from '../has-shape.ts';
import { shapeConditions } from './shape-conditions.ts';

const asText = ({ name }: { readonly name: string }): string => `cast(${quoteName(name)} as varchar)`;

/** DuckDB, which reads files too. */
export const duckdbCheckSql: CheckSql = {
  name: quoteName,
  table: quoteTable,
  text: quoteText,
  asText,
  comparable: ({ name }) => quoteName(name),
  asNumber: ({ name }) => `cast(${quoteName(name)} as double)`,
  asSeconds: ({ name }) => `epoch(${quoteName(name)})`,
  now: 'epoch(current_timestamp)',
  exactly: ({ name }) => quoteName(name),
  // An ENUM and a VARCHAR are compared as text.
  asKey: ({ name, kind }) => (kind === 'text' ? `cast(${quoteName(name)} as varchar)` : quoteName(name)),
  matches: (value, pattern) => `regexp_matches(${value}, ${quoteText(pattern)})`,
  hasShape: (column, shape) => hasShape(shapeConditions(asText(column)), shape),
  isNotFinite: ({ name }) => `not isfinite(${quoteName(name)})`,
  quartiles: (value, from) =>
    `select ${quarters.map((share, index) => `quantile_cont(${value}, ${share}) as q${index + 1}`).join(', ')} from ${from}`,
};

const quarters = [0.25, 0.5, 0.75] as const;
