import { formatCountOf } from '../format.ts';
import type { TextShape } from '../figures/text-shapes.ts';
import { cardThresholds, countCards } from './card-numbers.ts';
import { personalKind } from './personal-kind.ts';
import type { Found, Rule } from './rule-card.ts';
import { type RuleColumn, type RuleTable, filled } from './rule-table.ts';
import { estimate, percent, verb } from './say.ts';

const thresholds = {
  minValues: { value: 5, unit: 'values', why: 'Fewer have the form by chance.' },
  minShare: { value: 0.05, unit: 'of the values', why: 'The same.' },
  minPhones: { value: 0.2, unit: 'of the values', why: 'Some postal codes look like telephone numbers.' },
  minWellFormed: { value: 0.5, unit: 'of the values', why: 'Where fewer have it, the name of the column is believed.' },
  ...cardThresholds,
} as const;

/** Forms of values, what they are, and the share of values that must have it. */
const forms: readonly (readonly [TextShape, string, number])[] = [
  ['email', 'e-mail address', thresholds.minShare.value],
  ['phone', 'telephone number', thresholds.minPhones.value],
  ['card', 'payment card number', thresholds.minShare.value],
  ['ip_address', 'network address', thresholds.minShare.value],
];

/** Finds columns with personal data, by the form of their values or by their name. */
export const personalData: Rule = {
  id: 'personal-data',
  says: 'A column holds personal data: names, addresses, telephone and card numbers, years of birth and the like.',
  severity: { low: 'always: nothing is wrong with it, but who exports the table must know' },
  thresholds,
  needs: 'the names of columns and the shapes of texts',
  rows: 'The rows with such a value; there is no check, for nothing is to be mended.',
  views: true,
  know: (table) => ({
    findings: table.columns.flatMap((column) =>
      kindsOf(table, column)
        .filter(({ isCard }) => !isCard)
        .map((hit) => toFinding(table, column, hit)),
    ),
  }),
  ask: (table) =>
    table.columns.flatMap((column) =>
      kindsOf(table, column)
        .filter(({ isCard }) => isCard)
        .map((hit) => countCards(table, column, () => ({ findings: [toFinding(table, column, hit)] }))),
    ),
};

type Hit = {
  readonly kind: string;
  readonly rows: number;
  readonly basis: Found['basis'];
  /** Whether check digits must tell: numbers of orders have the same form. */
  readonly isCard: boolean;
};

const kindsOf = (table: RuleTable, column: RuleColumn): readonly Hit[] => {
  const of = filled(table, column);
  const { shapes, nulls } = column;
  const shaped =
    shapes === undefined
      ? []
      : forms
          .filter(
            ([shape, , share]) => shapes[shape] >= thresholds.minValues.value && shapes[shape] >= share * shapes.values,
          )
          // A sample is scaled up to the rows it stands for.
          .map(([shape, kind]): Hit => ({
            kind,
            rows: Math.round((shapes[shape] / shapes.values) * of),
            basis: shapes.basis,
            isCard: shape === 'card',
          }));
  const named = personalKind(column);
  if (named === undefined || of === 0) return shaped;
  // The name says what the values are, even those that are written in another form; their form, how many are well-formed.
  const wellFormed = shaped.find(({ kind, rows }) => kind === named && rows >= thresholds.minWellFormed.value * of);
  return [wellFormed ?? { kind: named, rows: of, basis: nulls.basis, isCard: false }];
};

const toFinding = (table: RuleTable, column: RuleColumn, { kind, rows, basis }: Hit): Found => ({
  severity: 'low',
  columns: [column.name],
  part: kind,
  rows,
  of: filled(table, column),
  basis,
  title: `${column.name} holds personal data: ${kind}`,
  detail: `${formatCountOf(rows, 'row')}${estimate(basis === undefined ? undefined : { basis })} (${percent(rows, filled(table, column))} of those with a value) ${verb(rows, 'holds', 'hold')} what its name or form tells to be personal: ${kind}.`,
  advice: 'Leave the column out of what goes to others, or mask it there.',
});
