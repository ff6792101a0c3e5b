import { formatCount, formatCountOf } from '../format.ts';
import type { MissingValues } from './looks/missing-by-group.ts';
import type { Found, JudgingRule } from './rule-card.ts';
import type { RuleTable } from './rule-table.ts';
import { percent, verb } from './say.ts';
import { names } from './words.ts';

const thresholds = {
  rareShare: { value: 0.5, unit: 'of the rows', why: 'What most rows do not have is optional, not lost.' },
  mediumShare: { value: 0.2, unit: 'of the rows', why: 'From here on averages and counts change.' },
  homeShare: { value: 0.95, unit: 'of the missing values', why: 'So many in one part of the table have one cause.' },
  homeSize: { value: 0.6, unit: 'of the rows', why: 'A part that is nearly the whole table explains nothing.' },
  homeRows: { value: 10, unit: 'missing values', why: 'Fewer are in one part by chance.' },
} as const;

/** What happens to a row later, or never: without such a time it has not happened yet. */
const laterEvents =
  'resolved closed ended completed finished shipped sent delivered cancelled canceled deleted removed archived returned refunded paid left expired approved rejected signed verified activated deactivated terminated discontinued'.split(
    ' ',
  );

/** Finds missing values, and the one part of a table that lacks them. */
export const missingValues: JudgingRule<readonly MissingValues[]> = {
  id: 'missing-values',
  says: 'A column that most rows fill has no value in some rows, and no state of the row explains it.',
  severity: {
    medium: 'one part of the table lacks them, or a fifth to a half of the rows do, of a column that is no text',
    low: 'otherwise: a text is often optional',
  },
  thresholds,
  needs: 'the nulls of every column, and columns with few values that tell parts of the table apart',
  views: true,
  judge: (seen, table) => {
    const judged = seen
      .filter(({ missing, state }) => missing > 0 && state === undefined)
      .map((one) => judgeColumn(table, one));
    return {
      facts: judged.flatMap(({ fact }) => fact ?? []),
      findings: judged.flatMap(({ finding }) => finding ?? []),
    };
  },
};

const judgeColumn = (
  table: RuleTable,
  { column, n, missing, parts }: MissingValues,
): { readonly fact?: string; readonly finding?: Found } => {
  const { name, kind } = column;
  const home = parts.find(
    (part) =>
      part.missing >= thresholds.homeShare.value * missing &&
      part.n <= thresholds.homeSize.value * n &&
      part.missing >= thresholds.homeRows.value,
  );
  const counted = `${formatCountOf(missing, 'row')} of ${formatCount(n)} (${percent(missing, n)}) ${verb(missing, 'has', 'have')} no ${name}`;
  if (home === undefined && missing > thresholds.rareShare.value * n)
    return { fact: `${counted}: it is rarely filled, and so may well be empty.` };
  if (home === undefined && kind === 'time' && names(column, ...laterEvents))
    return { fact: `${counted}: it may not have happened yet.` };
  const isMedium = home !== undefined || (missing >= thresholds.mediumShare.value * n && kind !== 'text');
  const where =
    home === undefined
      ? ''
      : ` ${home.missing === missing ? 'All' : percent(home.missing, missing)} of them have ${home.group.name} = ${home.value.trim()}, which is ${percent(home.n, n)} of the rows.`;
  return {
    finding: {
      severity: isMedium ? 'medium' : 'low',
      columns: [name],
      rows: missing,
      of: n,
      title: home === undefined ? `${name} is missing in places` : `${name} is missing in one part of the table`,
      detail: `${counted}.${where}`,
      advice:
        home === undefined
          ? 'Find out whether it may be empty, and declare it.'
          : `Look at what delivers ${home.group.name} = ${home.value.trim()}.`,
      check: `select * from ${table.from} where ${table.sql.name(name)} is null`,
    },
  };
};
