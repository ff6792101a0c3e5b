import { formatCountOf } from '../format.ts';
import type { CategoryValues } from './looks/category-values.ts';
import type { JudgingRule } from './rule-card.ts';
import { quoted, verb } from './say.ts';

const wordForNothing = /^\s*(n\/?a|none|null|nil|tbd|todo|test|undefined|nan|-+|\?+|\.+|x{2,})\s*$/i;

/** Finds words that stand for nothing. */
export const placeholderText: JudgingRule<readonly CategoryValues[]> = {
  id: 'placeholder-text',
  says: 'A text is a word for nothing, such as “N/A”, “none” or “-”.',
  severity: { low: 'always' },
  thresholds: {},
  needs: 'text columns of at most 200 different values, each with five rows on average',
  views: true,
  judge: (seen, { sql, from, rows: { count: of } }) => ({
    findings: seen.flatMap(({ column, values }) =>
      values
        .filter(({ text }) => wordForNothing.test(text))
        .map(({ text, n }) => ({
          severity: 'low',
          columns: [column.name],
          part: text,
          rows: n,
          of,
          examples: [text],
          title: `${column.name} holds the word ${quoted(text)} for nothing`,
          detail: `${formatCountOf(n, 'row')} ${verb(n, 'holds', 'hold')} ${quoted(text)} where NULL is meant.`,
          advice: 'Store NULL instead.',
          check: `select * from ${from} where ${sql.exactly(column)} = ${sql.text(text)}`,
        })),
    ),
  }),
};
