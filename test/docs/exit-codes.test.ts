import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failures } from '../../src/contracts/failure.ts';
import { outcomes } from '../../src/contracts/outcome.ts';
import { readGolden } from '../support/read-golden.ts';

const row = ([name, { exit_code, title }]: [string, { readonly exit_code: number; readonly title: string }]): string =>
  `| ${exit_code} | \`${name}\` | ${title} |`;

/** The page, made from the two tables. */
const page = `# Exit codes

What a command of \`./surveyor\` ends with. The page is made from the tables in \`src/contracts/outcome.ts\` and
\`src/contracts/failure.ts\`; why there is more than 0 for a run that succeeded is told in
[decision 13](decisions/0013-an-exit-code-tells-what-a-survey-came-to.md).

## What a survey came to

Of \`catalog\`, \`run\` and \`resume\` where they wait for the run (\`--watch\`), of \`start --once\`, and of \`findings\` with
\`--fail-on\`. Every other command that did what it was told ends with 0.

| code | outcome | |
|---|---|---|
${Object.entries(outcomes).map(row).join('\n')}

## What failed

| code | failure | |
|---|---|---|
${Object.entries(failures).map(row).join('\n')}

A command that only watched, or waited for an answer, and was stopped with Ctrl-C, ends with 130, as shells expect; after SIGTERM one that waited ends with 143.
`;

it('every exit code is listed in the docs, as the tables have it', () => {
  expect(readGolden(join(import.meta.dirname, '..', '..', 'docs', 'exit-codes.md'), page)).toBe(page);
});
