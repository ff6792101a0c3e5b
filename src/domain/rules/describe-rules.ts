import type { RuleCard, Threshold } from './rule-card.ts';

const grades = ['high', 'medium', 'low'] as const;

/** A threshold as `maxShare: 0.1 of the rows`. */
export const showThreshold = (name: string, { value, unit }: Threshold): string =>
  `${name}: ${value.toLocaleString('en-US', { maximumFractionDigits: 6 })} ${unit}`;

/** The grades of a rule’s findings, the gravest first; `facts` where it finds nothing wrong. */
export const showGrades = ({ severity }: RuleCard): string =>
  grades.filter((grade) => severity[grade] !== undefined).join(', ') || 'facts';

/** The page that says of every rule what it finds, how grave it is, what it decides by and what it needs. */
export const describeRules = (rules: readonly RuleCard[]): string =>
  [
    '# Rules',
    '',
    'What Surveyor looks for without a model, in every table and column that was measured. This page is made from',
    '`src/domain/rules`, where each rule is one file; `./surveyor rules` prints the same. A rule that did not look at',
    'something, because it failed or is too large, says so in the list of what was not looked at.',
    '',
    '| rule | finds | severity |',
    '|---|---|---|',
    ...rules.map((rule) => `| [${rule.id}](#${rule.id}) | ${rule.says} | ${showGrades(rule)} |`),
    ...rules.flatMap(section),
    '',
  ].join('\n');

const section = (rule: RuleCard): readonly string[] => [
  '',
  `## ${rule.id}`,
  '',
  rule.says,
  '',
  ...grades.flatMap((grade) => {
    const when = rule.severity[grade];
    return when === undefined ? [] : [`* ${grade[0]?.toUpperCase()}${grade.slice(1)}: ${when}.`];
  }),
  `* Needs: ${rule.needs}.`,
  `* Looks at: tables${rule.views === true ? ', and what views compute' : ''}.`,
  ...(rule.rows === undefined ? [] : [`* Rows: ${rule.rows}`]),
  ...(Object.keys(rule.thresholds).length === 0
    ? []
    : [
        '',
        '| threshold | value | why |',
        '|---|---|---|',
        ...Object.entries(rule.thresholds).map(([name, threshold]) => {
          const [, value = ''] = showThreshold(name, threshold).split(/: (.*)/s);
          return `| \`${name}\` | ${value} | ${threshold.why} |`;
        }),
      ]),
];
