import type { MissingValues } from './looks/missing-by-group.ts';
import type { JudgingRule } from './rule-card.ts';
import { count, countOf, percent, verb } from './say.ts';

const thresholds = {
  rareShare: { value: 0.5, unit: 'of the rows', why: 'What most rows do not have is optional, not lost.' },
  mediumShare: { value: 0.2, unit: 'of the rows', why: 'From here on averages and counts change.' },
  homeShare: { value: 0.95, unit: 'of the missing values', why: 'So many in one part of the table have one cause.' },
  homeSize: { value: 0.6, unit: 'of the rows', why: 'A part that is nearly the whole table explains nothing.' },
  homeRows: { value: 10, unit: 'missing values', why: 'Fewer are in one part by chance.' },
} as const;

/** Finds missing values, and the one part of a table that lacks them. */
export const missingValues: JudgingRule<readonly MissingValues[]> = {
  id: 'missing-values',
  says: 'A column has no value in some rows, and no state of the row explains it.',
  severity: {
    medium: 'one part of the table lacks them, or a fifth to a half of the rows do, of a column that is no text',
    low: 'otherwise: a text is often optional',
  },
  thresholds,
  needs: 'the nulls of every column, and columns with few values that tell parts of the table apart',
  views: true,
  judge: (seen, table) => ({
    findings: seen.flatMap(({ column, n, missing, parts, state }) => {
      if (missing === 0 || state !== undefined) return [];
      const { name, kind } = column;
      const home = parts.find(
        (part) =>
          part.missing >= thresholds.homeShare.value * missing &&
          part.n <= thresholds.homeSize.value * n &&
          part.missing >= thresholds.homeRows.value,
      );
      const isRare = missing > thresholds.rareShare.value * n && home === undefined;
      const isMedium =
        home !== undefined || (missing >= thresholds.mediumShare.value * n && !isRare && kind !== 'text');
      const where =
        home === undefined
          ? ''
          : ` ${home.missing === missing ? 'All' : percent(home.missing, missing)} of them have ${home.group.name} = ${home.value.trim()}, which is ${percent(home.n, n)} of the rows.`;
      return [
        {
          severity: isMedium ? 'medium' : 'low',
          columns: [name],
          rows: missing,
          of: n,
          title: isRare
            ? `${name} is rarely filled`
            : home === undefined
              ? `${name} is missing in places`
              : `${name} is missing in one part of the table`,
          detail: `${countOf(missing, 'row')} of ${count(n)} (${percent(missing, n)}) ${verb(missing, 'has', 'have')} no ${name}.${where}`,
          advice:
            home === undefined
              ? 'Find out whether it may be empty, and declare it.'
              : `Look at what delivers ${home.group.name} = ${home.value.trim()}.`,
          check: `select * from ${table.from} where ${table.sql.name(name)} is null`,
        },
      ];
    }),
  }),
};
