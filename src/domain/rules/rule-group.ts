import { maskPersonal } from '../personal-data/mask-personal.ts';
import { shortText } from '../short-text.ts';
import { charactersPerStatement } from '../figures/figure-limits.ts';
import { categoryColumns, proseColumns } from './column-roles.ts';
import { personalKind } from './personal-kind.ts';
import type { Question, Reading, RuleFinding, RulePlan } from './rule.ts';
import type { Ask, Found, JudgingRule, Look, Rule, RuleCard, Verdict } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';

/** Rules that share their statements, planned together; mostly a single one. */
export type RuleGroup = { readonly rules: readonly RuleCard[]; readonly plan: (table: RuleTable) => RulePlan };

/** A rule by itself. */
export const alone = (rule: Rule): RuleGroup => ({
  rules: [rule],
  plan: (table) => {
    const asks = table.rows.count === 0 ? [] : (rule.ask?.(table) ?? []);
    const known = toReading(rule, rule.know?.(table) ?? {}, table, table.evidence);
    const { questions, refused } = questionsOf(asks, [rule], table, (verdict, evidence) =>
      toReading(rule, verdict, table, [evidence]),
    );
    return { known: joined([known, refused]), questions };
  },
});

/** Rules that judge what one look saw. */
export const together = <Seen>(look: Look<Seen>, rules: readonly JudgingRule<Seen>[]): RuleGroup => ({
  rules,
  plan: (table) => {
    if (table.rows.count === 0) return { known: {}, questions: [] };
    const { asks, left_out } = look(table);
    const { questions, refused } = questionsOf(asks, rules, table, (seen, evidence) =>
      joined(rules.map((rule) => toReading(rule, rule.judge(seen, table), table, [evidence]))),
    );
    return { known: joined([refused, left_out === undefined ? {} : tooLarge(rules, left_out)]), questions };
  },
});

/** Asks as questions. An engine takes a statement of so many characters: names can be long, so one may not fit. */
const questionsOf = <T>(
  asks: readonly Ask<T>[],
  rules: readonly RuleCard[],
  { table }: RuleTable,
  read: (answer: T, evidence: string) => Reading,
): { readonly questions: readonly Question[]; readonly refused: Reading } => {
  const [fitting, long] = [
    asks.filter(({ sql }) => sql.length <= charactersPerStatement),
    asks.filter(({ sql }) => sql.length > charactersPerStatement),
  ];
  return {
    questions: fitting.map((ask) => ({
      rules: rules.map(({ id }) => id),
      about: `${table}: ${ask.about}`,
      sql: ask.sql,
      rows: ask.rows ?? 1_000,
      read: (rows, evidence) => read(ask.read(rows), evidence),
    })),
    refused: joined(
      long.map(({ about }) =>
        tooLarge(rules, `${table}: ${about} would take a statement longer than an engine reads.`),
      ),
    ),
  };
};

const tooLarge = (rules: readonly RuleCard[], detail: string): Reading => ({
  not_looked_at: rules.map(({ id }) => ({ rule: id, reason: 'too_large', detail })),
});

const toReading = (rule: RuleCard, verdict: Verdict, table: RuleTable, evidence: readonly string[]): Reading => {
  const { questions, refused } = questionsOf(verdict.next ?? [], [rule], table, (next, id) =>
    toReading(rule, next, table, [id]),
  );
  return joined([
    {
      findings: (verdict.findings ?? []).map((found) => toFinding(rule, found, table, evidence)),
      facts: (verdict.facts ?? []).map((text) => ({ text, evidence })),
      keys: (verdict.keys ?? []).map((key) => ({ ...key, evidence })),
      relationships: (verdict.relationships ?? []).map((one) => ({ ...one, evidence })),
      not_looked_at: (verdict.not_looked_at ?? []).map((one) => ({ rule: rule.id, ...one })),
      next: questions,
    },
    refused,
  ]);
};

const toFinding = (rule: RuleCard, found: Found, table: RuleTable, evidence: readonly string[]): RuleFinding => ({
  rule: rule.id,
  severity: found.severity,
  columns: found.columns,
  ...(found.part === undefined ? {} : { part: found.part }),
  ...(found.other_tables === undefined ? {} : { other_tables: found.other_tables }),
  rows: found.rows,
  ...(found.of === undefined ? {} : { of: found.of }),
  basis: found.basis ?? 'exact',
  examples: examplesOf(found, table),
  evidence: [...evidence, ...(found.evidence ?? [])],
  ...(found.check === undefined ? {} : { check: found.check }),
  title: found.title,
  detail: found.detail,
  advice: found.advice,
});

/** None of columns with personal data, nor of sentences, which may hold some: a report goes to more people than the database does. */
const examplesOf = ({ columns, examples = [] }: Found, table: RuleTable): readonly string[] => {
  const [prose, categories] = [proseColumns(table), categoryColumns(table)];
  const isPrivate = (column: RuleColumn): boolean =>
    personalKind(column) !== undefined || (prose.includes(column) && !categories.includes(column));
  if (table.columns.some((column) => columns.includes(column.name) && isPrivate(column))) return [];
  const shown = examples.flatMap((one) => (one === undefined ? [] : [maskPersonal(shortText(String(one), 80))]));
  return [...new Set(shown)].slice(0, 5);
};

/** Several readings as one. */
export const joined = (readings: readonly Reading[]): Reading => ({
  findings: readings.flatMap(({ findings }) => findings ?? []),
  facts: readings.flatMap(({ facts }) => facts ?? []),
  keys: readings.flatMap(({ keys }) => keys ?? []),
  relationships: readings.flatMap(({ relationships }) => relationships ?? []),
  not_looked_at: readings.flatMap(({ not_looked_at }) => not_looked_at ?? []),
  next: readings.flatMap(({ next }) => next ?? []),
});
