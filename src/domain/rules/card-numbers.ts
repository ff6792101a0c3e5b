import { formatCount, formatCountOf } from '../format.ts';
import { hasCheckDigit } from '../personal-data/check-digit.ts';
import { aliases } from './aliases.ts';
import type { Ask, Threshold, Verdict } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { verb } from './say.ts';

/** When long numbers are taken for payment cards. */
export const cardThresholds = {
  minValid: {
    value: 0.3,
    unit: 'of the texts with 13 or more digits',
    why: 'One number in ten has the check digit of a card by chance.',
  },
  maxTexts: { value: 1_000, unit: 'texts', why: 'So many tell; they are read to compute their check digits.' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** What the check digits of a column’s long numbers came to. */
export type CardCount = { readonly texts: number; readonly valid: number; readonly isWhole: boolean };

/** Reads texts with long numbers and counts those whose check digit is that of a payment card: others number something else. */
export const countCards = (table: RuleTable, column: RuleColumn, judge: (cards: CardCount) => Verdict): Ask => {
  const { sql, from } = table;
  const answer = aliases({ x: sql.asText(column) });
  const { maxTexts, minValid } = cardThresholds;
  return {
    about: `whether long numbers in ${column.name} are those of payment cards`,
    sql: `select ${answer.list} from ${from} where ${sql.matches(sql.asText(column), '[0-9]([ -]?[0-9]){12}')} limit ${maxTexts.value}`,
    rows: maxTexts.value,
    read: (rows) => {
      const texts = rows.map((row) => answer.read(row).text('x') ?? '');
      const valid = texts.filter(holdsCard).length;
      if (texts.length === 0) return {};
      const fact = `Of ${formatCountOf(texts.length, 'text')} of ${column.name} with 13 or more digits, ${formatCount(valid)} ${verb(valid, 'holds', 'hold')} a number whose check digit is that of a payment card.`;
      if (valid < minValid.value * texts.length) return { facts: [fact] };
      const verdict = judge({ texts: texts.length, valid, isWhole: texts.length < maxTexts.value });
      return { ...verdict, facts: [...(verdict.facts ?? []), fact] };
    },
  };
};

const holdsCard = (text: string): boolean => (text.match(/\d(?:[ -]?\d){12,18}/g) ?? []).some(hasCheckDigit);
