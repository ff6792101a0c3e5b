import { formatCount, formatCountOf } from '../format.ts';
import { maskPersonal } from '../personal-data/mask-personal.ts';
import type { CategoryValues } from './looks/category-values.ts';
import type { JudgingRule } from './rule-card.ts';
import { quoted, verb } from './say.ts';
import { groupSpellings, spellingThresholds } from './spelling-groups.ts';

const show = (text: string): string => quoted(maskPersonal(text));

/** Finds one thing under several spellings. */
export const spelling: JudgingRule<readonly CategoryValues[]> = {
  id: 'spelling',
  says: 'A value is another spelling of a more frequent one: other case, white space, punctuation, or a mistyped letter.',
  severity: { medium: 'always' },
  thresholds: spellingThresholds,
  needs: 'text columns of at most 200 different values, each with five rows on average',
  views: true,
  judge: (seen, { sql, from, rows: { count: of } }) => ({
    findings: seen.flatMap(({ column, values }) => {
      const groups = groupSpellings(values);
      const others = groups.flatMap((group) => group.others);
      if (others.length === 0) return [];
      const rows = others.reduce((sum, { n }) => sum + n, 0);
      const shown = groups
        .slice(0, 6)
        .map(
          (group) =>
            `${show(group.main.text)} also as ${group.others.map(({ text, n }) => `${show(text)} (${formatCount(n)})`).join(', ')}`,
        );
      const more = groups.length > 6 ? ` and ${groups.length - 6} more` : '';
      return [
        {
          severity: 'medium',
          columns: [column.name],
          rows,
          of,
          examples: others.map(({ text }) => text),
          title: `${column.name} spells one thing in several ways`,
          detail: `${formatCountOf(rows, 'row')} ${verb(rows, 'holds', 'hold')} another spelling of a more frequent value: ${shown.join('; ')}${more}. Every grouping by ${column.name} splits them.`,
          advice: 'Map the spellings to one when loading, or reject what is not on the list.',
          check: `select * from ${from} where ${sql.exactly(column)} in (${others.map(({ text }) => sql.text(text)).join(', ')})`,
        },
      ];
    }),
  }),
};
