import { ruleGroups, rules } from './registry.ts';
import type { RulePlan, RuleSubject } from './rule.ts';
import { joined } from './rule-group.ts';
import { ruleTable } from './rule-table.ts';

/** The rules of a run, by id. */
export const ruleIds: readonly string[] = rules.map(({ id }) => id);

/** What the rules have to say of a table, and to ask of its data: every column that was measured is looked at. */
export const planRules = (subject: RuleSubject): RulePlan => {
  const table = ruleTable(subject);
  const plans = ruleGroups
    .filter((group) => !table.isView || group.rules.every(({ views }) => views === true))
    .map((group) => group.plan(table));
  return { known: joined(plans.map(({ known }) => known)), questions: plans.flatMap(({ questions }) => questions) };
};
