import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { showGrades, showThreshold } from '../../src/domain/rules/describe-rules.ts';
import { rules } from '../../src/domain/rules/registry.ts';
import type { RuleCard } from '../../src/domain/rules/rule-card.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { programName } from '../program-name.ts';
import { alignColumns, terminalOf } from './terminal.ts';

const findRule = (id: string): RuleCard => {
  const rule = rules.find((one) => one.id === id);
  if (rule !== undefined) return rule;
  const [meant] = nearest(
    id,
    rules.map((one) => one.id),
  );
  throw new Failure(
    'INVALID_REQUEST',
    `There is no rule "${id}".${meant === undefined ? '' : ` Did you mean ${meant}?`} ${programName} rules lists them all.`,
    { where: 'rule' },
  );
};

/** What a command prints of a rule as data: its card, without what it asks. */
const cardOf = ({ id, says, severity, thresholds, needs, rows, views }: RuleCard) => ({
  id,
  says,
  severity,
  thresholds,
  needs,
  ...(rows === undefined ? {} : { rows }),
  looks_at_views: views === true,
});

const details = (rule: RuleCard): string =>
  [
    `${rule.id}: ${rule.says}`,
    ...Object.entries(rule.severity).map(([grade, when]) => `  ${grade}: ${when}`),
    `  needs: ${rule.needs}`,
    ...(rule.rows === undefined ? [] : [`  rows: ${rule.rows}`]),
    ...Object.entries(rule.thresholds).map(
      ([name, threshold]) => `  ${showThreshold(name, threshold)}. ${threshold.why}`,
    ),
  ].join('\n');

/** `surveyor rules [rule…]`: what is looked for without a model. */
export const registerRules = (program: Command): void => {
  program
    .command('rules')
    .description('What is looked for without a model: the rules, their severities and thresholds')
    .argument('[rule...]', 'rules to tell all of')
    .addHelpText('after', `\nExamples:\n  ${programName} rules\n  ${programName} rules orphan gap-in-time`)
    .action((given: readonly string[], _options: object, command: Command) => {
      const told = given.length === 0 ? rules : [...new Set(given)].map(findRule);
      terminalOf(command).print({ rules: told.map(cardOf) }, () =>
        given.length === 0
          ? alignColumns(rules.map((rule) => [rule.id, showGrades(rule), rule.says]))
          : told.map(details).join('\n\n'),
      );
    });
};
