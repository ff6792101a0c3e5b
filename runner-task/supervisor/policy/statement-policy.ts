import { Failure } from '../../../src/contracts/failure.ts';
import type { TableAddress } from '../engines/table-address.ts';
import { checkText } from './check-text.ts';
import { refusalText, type Judge, type Verdict } from './verdict.ts';

/** What every policy knows of the database it guards. */
export type GuardedDatabase = {
  /** The tables of the run. No other may be read. */
  readonly tables: readonly TableAddress[];
  /** Where a name without a schema lies, and where alone: `public`, `main`, the database's name. */
  readonly default_schema: string;
};

/** Who wrote a statement: an agent or a person, or Surveyor itself, which plans of the run's tables alone. */
export type StatementAuthor = 'agent' | 'surveyor';

/** The broker's judgement of statements, for one open database. */
export type Policy = {
  judge(sql: string, author?: StatementAuthor): Promise<Verdict>;
  /** What to execute. Fails with STATEMENT_REFUSED, or with STATEMENT_FAILED where it does not parse. */
  admit(sql: string, author?: StatementAuthor): Promise<string>;
  readonly close: () => void;
};

/**
 * Makes a policy of an engine's judge, which `close` ends. `narrow` makes what it allowed tell of a run's tables alone, catalogs
 * too; what Surveyor sends needs none of that. It judges alone: limits and read-only transactions are the engine's.
 */
export const createPolicy = (judgeParsed: Judge, close: () => void = () => undefined, narrow?: Judge): Policy => {
  const judge = async (sql: string, author: StatementAuthor = 'agent'): Promise<Verdict> => {
    const verdict = checkText(sql) ?? (await judgeParsed(sql));
    return verdict.allowed && narrow !== undefined && author === 'agent' ? narrow(verdict.sql) : verdict;
  };
  return {
    judge,
    admit: async (sql, author) => {
      const verdict = await judge(sql, author);
      if (verdict.allowed) return verdict.sql;
      throw new Failure(verdict.failure, refusalText(verdict));
    },
    close,
  };
};
