import { type Fact, type Finding, type PersonalData, type Survey, countOf, verb } from './finding.ts';

/** What the check digits of a column’s long numbers came to. */
export type CardCount = {
  readonly table: string;
  readonly column: string;
  /** Values with 13 or more digits that were looked at. */
  readonly texts: number;
  /** Those that hold a number with the check digit of a payment card. */
  readonly valid: number;
  readonly evidence: readonly string[];
};

/** Whether what was found is a payment card number, by its form alone. */
export const isCard = ({ kind }: PersonalData): boolean => kind.startsWith('payment card number');

/**
 * Weighs card numbers by their check digits: one number in ten passes by chance, so where none does of several they are
 * numbers of something else, and no payment data.
 */
export const weighCards = (survey: Survey, cards: readonly CardCount[]): Survey => {
  const none = cards.filter(({ texts, valid }) => texts > 0 && valid === 0);
  const hasNone = ({ table, column }: { readonly table: string; readonly column?: string }): boolean =>
    none.some((card) => card.table === table && card.column === column);
  return {
    ...survey,
    findings: survey.findings.map((finding) =>
      finding.kind === 'personal_in_text' && finding.title.includes('payment card') && hasNone(finding)
        ? lower(finding)
        : finding,
    ),
    personal: survey.personal.filter((hit) => !(isCard(hit) && hasNone(hit))),
    facts: [...survey.facts, ...cards.filter(({ texts }) => texts > 0).map(toFact)],
  };
};

const lower = (finding: Finding): Finding => ({
  ...finding,
  severity: 'low',
  title: `${finding.column} holds long numbers that are no payment cards`,
  detail: `${finding.detail} None of those looked at has the check digit of a card, so they number something else.`,
  advice: 'Nothing, if they are order or tracking numbers.',
});

const toFact = ({ table, column, texts, valid, evidence }: CardCount): Fact => ({
  table,
  text: `Of ${countOf(texts, 'text')} of ${column} with 13 or more digits, ${valid.toLocaleString('en-US')} ${verb(valid, 'holds', 'hold')} a number whose check digit is that of a payment card.`,
  evidence,
});
