import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { CatalogRequest } from '../../src/contracts/catalog.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { describeIssues, plainWords } from '../../src/use-cases/describe-issues.ts';
import { programName } from '../program-name.ts';
import { catalogSources } from './catalog-source.ts';
import { optionOf } from './command-place.ts';
import { positiveNumber, wholeNumber } from './numbers.ts';
import { readConnectionString } from './read-connection-string.ts';
import { refusePassword } from './refuse-password.ts';

/** What the options of a command say of a catalog. */
export type CatalogOptions = {
  readonly tables?: string;
  readonly prefix?: string;
  readonly budgetDollars?: number;
  readonly budgetTokens?: number;
  readonly budgetTurns?: number;
  readonly budgetStatements?: number;
  readonly budgetSeconds?: number;
};

const budgetOf = (options: CatalogOptions): CatalogRequest['budget'] => {
  const given = {
    dollars: options.budgetDollars,
    tokens: options.budgetTokens,
    turns: options.budgetTurns,
    statements: options.budgetStatements,
    seconds: options.budgetSeconds,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return Object.keys(set).length === 0 ? undefined : set;
};

/** What stands for a database in a command: a word of it, or what standard input held, which is never shown. */
export type GivenDatabase = { readonly text: string; readonly isHidden?: boolean };

/** The words, with `-` replaced by what standard input holds: a process list shows a command's words, passwords included. */
export const withStandardInput = async (given: readonly string[]): Promise<readonly GivenDatabase[]> => {
  for (const word of given) refusePassword(word);
  const dashes = given.filter((word) => word === '-').length;
  if (dashes === 0) return given.map((text) => ({ text }));
  if (dashes > 1)
    throw new Failure(
      'INVALID_REQUEST',
      `There can be at most one "-", because standard input holds one connection string. Keep the others under names: ${programName} connections add shop`,
      { where: 'database' },
    );
  const read = await readConnectionString('catalog -');
  return given.map((text) => (text === '-' ? { text: read, isHidden: true } : { text }));
};

/** The request that the words of the command line stand for. Fails with INVALID_REQUEST before any service is asked. */
export const catalogRequest = (
  given: readonly GivenDatabase[],
  options: CatalogOptions,
  folder: string,
  api?: string,
): CatalogRequest => {
  const choosesTables = options.tables !== undefined;
  const found = given.flatMap(({ text, isHidden }) => catalogSources(text, folder, { api, choosesTables, isHidden }));
  const [first] = found;
  const budget = budgetOf(options);
  const twice = found.find(({ source }, index) =>
    found.slice(0, index).some((one) => isDeepStrictEqual(one.source, source)),
  );
  if (twice !== undefined)
    throw new Failure('INVALID_REQUEST', `The database ${twice.label} is named twice. Name each one once.`, {
      where: 'database',
    });
  if (found.length > 1 && options.tables !== undefined) {
    throw new Failure(
      'INVALID_REQUEST',
      'With several databases, --tables does not say of which one. Survey one at a time.',
      { where: '--tables' },
    );
  }
  const request = CatalogRequest.safeParse(
    {
      ...(found.length > 1 ? { sources: found.map(({ source }) => source) } : first?.source),
      s3_prefix: options.prefix ?? `reports/${[...new Set(found.map(({ label }) => label))].join('-')}`,
      ...(options.tables !== undefined && { tables: options.tables.split(',').map((table) => table.trim()) }),
      ...(budget !== undefined && { budget }),
    },
    { error: plainWords },
  );
  if (request.success) return request.data;
  const problems = describeIssues(request.error.issues).map(({ where, message }) => ({
    option: optionOf(where),
    message,
  }));
  const text = problems.map(({ option, message }) => {
    const value = option === '--prefix' ? options.prefix : option === '--tables' ? options.tables : undefined;
    return `${option}${value === undefined ? '' : ` "${value}"`}: ${message}`;
  });
  throw new Failure('INVALID_REQUEST', [...new Set(text)].join('\n'), { where: problems[0]?.option ?? 'database' });
};

/** The options of a command that limit each agent of a run. */
export const addBudgetOptions = (command: Command): Command =>
  command
    .option('--budget-dollars <number>', 'the most an agent may cost, in US dollars', positiveNumber)
    .option('--budget-tokens <number>', 'the most tokens an agent may use', wholeNumber)
    .option('--budget-turns <number>', 'the most calls of the model an agent may make', wholeNumber)
    .option('--budget-statements <number>', 'the most SQL statements an agent may send', wholeNumber)
    .option('--budget-seconds <number>', 'the longest an agent may work', wholeNumber);
