import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';

const DescribeRow = z.object({ column_name: z.string(), column_type: z.string() });

/** How days and moments are written where nothing has to be guessed: ISO 8601. */
const forms: readonly { readonly type: string; readonly form: string }[] = [
  { type: 'DATE', form: String.raw`\d{4}-\d\d-\d\d` },
  { type: 'TIMESTAMP', form: String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?` },
  { type: 'TIMESTAMPTZ', form: String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?Z` },
];

/** Gives texts the type of days and moments where each value of a column is one, to the letter. */
export const typeTexts = async (connection: DuckDBConnection, table: string): Promise<void> => {
  const described = await connection.runAndReadAll(`DESCRIBE ${table}`);
  const texts = z
    .array(DescribeRow)
    .parse(described.getRowObjectsJS())
    .filter(({ column_type }) => column_type === 'VARCHAR')
    .map(({ column_name }) => quoteName(column_name));
  if (texts.length === 0) return;
  const fits = texts.flatMap((text) =>
    forms.map(
      ({ type, form }) =>
        `count(${text}) > 0 AND bool_and(${text} IS NULL OR (regexp_full_match(${text}, ${quoteText(form)}) AND try_cast(${text} AS ${type}) IS NOT NULL))`,
    ),
  );
  const [row = []] = (await connection.runAndReadAll(`SELECT ${fits.join(', ')} FROM ${table}`)).getRowsJS();
  for (const [index, text] of texts.entries()) {
    const found = forms.find((_, form) => row[index * forms.length + form] === true);
    if (found) await connection.run(`ALTER TABLE ${table} ALTER ${text} TYPE ${found.type}`);
  }
};
