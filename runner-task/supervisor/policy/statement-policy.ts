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

/** The broker's judgement of statements, for one open database. */
export type Policy = {
  judge(sql: string): Promise<Verdict>;
  /** What to execute. Fails with STATEMENT_REFUSED, or with STATEMENT_FAILED where it does not parse. */
  admit(sql: string): Promise<string>;
  readonly close: () => void;
};

/** Makes a policy of an engine's judge, which `close` ends. It judges alone: limits and read-only transactions are the engine's. */
export const createPolicy = (judgeParsed: Judge, close: () => void = () => undefined): Policy => {
  const judge = async (sql: string): Promise<Verdict> => checkText(sql) ?? judgeParsed(sql);
  return {
    judge,
    admit: async (sql) => {
      const verdict = await judge(sql);
      if (verdict.allowed) return verdict.sql;
      throw new Failure(verdict.failure, refusalText(verdict));
    },
    close,
  };
};
