import type { DigestColumn } from '../profile-digest.ts';
import { isIdentifier, wordsOf } from './words.ts';

/** What personal data a column holds, judged by its name; undefined where the name says nothing. */
export const personalKind = (column: DigestColumn): string | undefined => {
  if (
    isIdentifier(column) &&
    !wordsOf(column.name).some((word) => ['passport', 'ssn', 'tax', 'national', 'license', 'iban'].includes(word))
  )
    return undefined;
  const words = wordsOf(column.name).join(' ');
  return nameKinds.find(
    ([pattern, kind]) => pattern.test(words) && (kind !== 'name of a person' || column.kind === 'text'),
  )?.[1];
};

const nameKinds: readonly (readonly [RegExp, string])[] = [
  [
    /\b(first|last|full|sur|given|middle|family|customer|client|person|employee|patient|contact|user|member|author|holder|recipient)s? ?name\b|\bsurname\b|\bassignee\b/,
    'name of a person',
  ],
  [/\b(birth|dob|born)\b|\bdate of birth\b|\bbirth(day|date|year)\b/, 'date or year of birth'],
  [/\b(street|postal|postcode|zip|home address|billing address|shipping address)\b/, 'postal address'],
  [/\b(ssn|passport|tax id|national id|driving licen[cs]e)\b/, 'official number of a person'],
  [/\b(iban|account number|card number)\b/, 'bank or card number'],
  [/\b(gender|religion|ethnicity|nationality|marital)\b/, 'personal trait'],
];
