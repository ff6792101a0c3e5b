import type { ColumnKind } from '../../contracts/profile.ts';
import { isIdentifier, wordsOf } from './words.ts';

/** What personal data a column holds, judged by its name; undefined where the name says nothing. */
export const personalKind = (column: { readonly name: string; readonly kind: ColumnKind }): string | undefined => {
  const words = wordsOf(column.name).join(' ');
  const found = nameKinds.find(([pattern, , kinds]) => pattern.test(words) && kinds.includes(column.kind));
  if (found === undefined) return undefined;
  const [pattern, kind] = found;
  // The number of a customer's order is none of the customer's own.
  return isIdentifier(column) && !ownNumbers.has(pattern) ? undefined : kind;
};

const texts = ['text'] as const;
const any = ['text', 'number', 'time', 'boolean', 'other'] as const;

const phone = /\b(phone|telephone|mobile|fax|cell)\b/;
const postal = /\b(street|postal|postcode|zip|address\d?)\b/;
const official = /\b(ssn|passport|tax id|national id|driving licen[cs]e)\b/;
const bank = /\b(iban|account number|card number)\b/;

/** Kinds that are numbers, so that a column called so is one although its name ends in `number` or `code`. */
const ownNumbers: ReadonlySet<RegExp> = new Set([phone, postal, official, bank]);

const nameKinds: readonly (readonly [RegExp, string, readonly string[]])[] = [
  [
    /\b(first|last|full|sur|given|middle|family|customer|client|person|employee|patient|contact|user|member|author|holder|recipient)s? ?name\b|\bsurname\b|\bassignee\b/,
    'name of a person',
    texts,
  ],
  [/\be ?mail\b/, 'e-mail address', texts],
  [phone, 'telephone number', [...texts, 'number']],
  [/\bip( address)?\b/, 'network address', [...texts, 'other']],
  [/\b(birth|dob|born)\b|\bdate of birth\b|\bbirth(day|date|year)\b/, 'date or year of birth', any],
  [postal, 'postal address', [...texts, 'number']],
  [official, 'official number of a person', any],
  [bank, 'bank or card number', any],
  [/\b(gender|religion|ethnicity|nationality|marital)\b/, 'personal trait', any],
];
