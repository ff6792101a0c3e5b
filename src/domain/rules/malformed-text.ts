import { formatCountOf } from '../format.ts';
import { countIf } from '../engines/sql-parts.ts';
import { aliases } from './aliases.ts';
import { isMostly, isSharedNumber } from './column-roles.ts';
import type { Ask, Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { verb } from './say.ts';
import { isIdentifier } from './words.ts';

const thresholds = {
  maxShare: {
    value: 0.4,
    unit: 'of the values',
    why: 'Where more have another form, the column holds two kinds of things.',
  },
} as const;

/** What most values of a column may be: its shape, one of them, many of them. */
const expected = [
  ['email', 'e-mail address', 'e-mail addresses'],
  ['phone', 'telephone number', 'telephone numbers'],
  ['uuid', 'UUID', 'UUIDs'],
  ['url', 'URL', 'URLs'],
  ['ip_address', 'network address', 'network addresses'],
  ['time', 'date or time', 'dates or times in text form'],
  ['number', 'number', 'numbers in text form'],
] as const;

type Form = (typeof expected)[number];

/** Shapes that a code can have by chance: WX1 6LT and 75001 are postal codes, 30.59.84.10 is a telephone number. */
const byChance: readonly string[] = ['ip_address', 'time', 'number'];

/** Shapes whose values belong to people. */
const personal: readonly string[] = ['email', 'phone', 'ip_address'];

/**
 * What is right beside the shape that the profile counts, which is narrow to tell such columns apart: addresses may have
 * letters of all alphabets, telephone numbers any groups.
 */
const widerForms: Partial<Record<Form[0], string>> = {
  email: '^ *[^ @]+@[^ @.]+([.][^ @.]+)+ *$',
  phone: '^ *[+(]?[0-9]([ ()./-]*[0-9]){4,16}( *(x|ext[.]?) *[0-9]+)? *$',
};

/** Finds texts that do not have the form that most of their column have. */
export const malformedText: Rule = {
  id: 'malformed-text',
  says: 'Most values of a column are e-mail addresses, URLs, numbers and the like; these are not.',
  severity: { medium: 'always' },
  thresholds,
  needs:
    'the shapes of text columns; of postal codes, telephone numbers and other codes none of numbers, times and network addresses',
  views: true,
  ask: (table) =>
    table.columns.flatMap((column) => {
      const { shapes } = column;
      const form = formOf(column);
      if (shapes === undefined || form === undefined) return [];
      const others = shapes.values - shapes.blank - shapes[form[0]];
      return others > 0 && others < thresholds.maxShare.value * shapes.values ? [howMany(table, column, form)] : [];
    }),
};

const formOf = (column: RuleColumn): Form | undefined => {
  const isCode = isIdentifier(column) || isSharedNumber(column);
  return expected.find(([shape]) => isMostly(column, shape) && !(isCode && byChance.includes(shape)));
};

const howMany = (table: RuleTable, column: RuleColumn, [shape, one, many]: Form): Ask => {
  const { sql, from } = table;
  const { name } = column;
  const wider = widerForms[shape];
  const isOther = [
    `${sql.name(name)} is not null`,
    `not ${sql.hasShape(column, shape)}`,
    `not ${sql.hasShape(column, 'blank')}`,
    ...(wider === undefined ? [] : [`not (${sql.matches(sql.asText(column), wider)})`]),
  ].join(' and ');
  const other = `case when ${isOther} then ${sql.asText(column)} end`;
  const answer = aliases({
    n: `count(${sql.name(name)})`,
    m: countIf(isOther),
    // In one statement with their number: the first and the last.
    least: `min(${other})`,
    most: `max(${other})`,
  });
  return {
    about: `texts of ${name} that are no ${one}`,
    sql: `select ${answer.list} from ${from}`,
    read: ([row]) => {
      const cells = answer.read(row);
      const [of, others] = [cells.number('n'), cells.number('m')];
      const right = of - others;
      if (others === 0) return {};
      return {
        findings: [
          {
            severity: 'medium',
            columns: [name],
            rows: others,
            of,
            examples: personal.includes(shape) ? [] : [cells.text('least'), cells.text('most')],
            title: `${name} holds values that are no ${one}`,
            detail: `${formatCountOf(right, 'value')} of ${name} ${verb(right, 'is', 'are')} ${many}, ${formatCountOf(others, 'other')} ${verb(others, 'does', 'do')} not have that form.`,
            advice: `Validate the form where ${name} is entered, and correct the others.`,
            check: `select * from ${from} where ${isOther}`,
          },
        ],
      };
    },
  };
};
