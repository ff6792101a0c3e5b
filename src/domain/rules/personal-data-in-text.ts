import { formatCount, formatCountOf } from '../format.ts';
import { countIf } from '../engines/sql-parts.ts';
import { aliasesOf } from './aliases.ts';
import { cardThresholds, countCards } from './card-numbers.ts';
import { chunks, proseColumns } from './column-roles.ts';
import { type PersonalPattern, personalPatternNames, personalPatterns, personalWords } from './personal-patterns.ts';
import type { Found, Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';

/** Finds personal data in the midst of what people write. */
export const personalDataInText: Rule = {
  id: 'personal-data-in-text',
  says: 'A text that people write holds e-mail addresses, telephone, card or bank account numbers amid other words.',
  severity: { high: 'numbers of cards and bank accounts', medium: 'e-mail addresses and telephone numbers' },
  thresholds: cardThresholds,
  needs: 'text columns with values of 25 characters and more',
  rows: 'Of card numbers, the texts of which one has the check digit of a card; the check returns all that have the form.',
  views: true,
  ask: (table) => {
    const { sql, from } = table;
    return chunks(proseColumns(table), 8).map((columns) => {
      const answer = aliasesOf(columns, (_, index) => ({
        n: `count(x${index})`,
        email: countIf(sql.matches(`x${index}`, personalPatterns.email)),
        card: countIf(sql.matches(`x${index}`, personalPatterns.card)),
        phone: countIf(sql.matches(`x${index}`, personalPatterns.phone)),
        iban: countIf(sql.matches(`x${index}`, personalPatterns.iban)),
      }));
      return {
        about: 'personal data in free text',
        sql: [
          `select ${answer.list}`,
          `from (select ${columns.map((column, index) => `${sql.asText(column)} as x${index}`).join(', ')} from ${from}) texts`,
        ].join('\n'),
        read: ([row]) => {
          const hits = answer
            .read(row)
            .flatMap(([column, cells]) =>
              personalPatternNames
                .map((pattern) => ({ column, pattern, rows: cells.number(pattern), of: cells.number('n') }))
                .filter(({ rows }) => rows > 0),
            );
          return {
            findings: hits.filter(({ pattern }) => pattern !== 'card').map((hit) => toFinding(table, hit)),
            next: hits
              .filter(({ pattern }) => pattern === 'card')
              .map((hit) =>
                countCards(table, hit.column, ({ valid, texts, isWhole }) => ({
                  findings: [
                    toFinding(
                      table,
                      isWhole ? { ...hit, rows: valid } : { ...hit, rows: Math.round((valid / texts) * hit.rows) },
                      isWhole ? 'exact' : 'sample',
                    ),
                  ],
                })),
              ),
          };
        },
      };
    });
  },
};

type Hit = {
  readonly column: RuleColumn;
  readonly pattern: PersonalPattern;
  readonly rows: number;
  readonly of: number;
};

const toFinding = (
  { sql, from }: RuleTable,
  { column, pattern, rows, of }: Hit,
  basis: Found['basis'] = 'exact',
): Found => {
  const isMoney = pattern === 'card' || pattern === 'iban';
  const [one, many] = personalWords[pattern];
  return {
    severity: isMoney ? 'high' : 'medium',
    columns: [column.name],
    part: one,
    rows,
    of,
    basis,
    title: `${column.name} holds ${many} in free text`,
    detail: `In ${formatCount(rows)} of ${formatCountOf(of, 'text')} stands what looks like ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}.`,
    advice: isMoney
      ? 'Remove them now, and mask such numbers where the text is entered.'
      : 'Mask them before the text goes to others, and keep such columns out of exports.',
    check: `select * from ${from} where ${sql.matches(sql.asText(column), personalPatterns[pattern])}`,
  };
};
