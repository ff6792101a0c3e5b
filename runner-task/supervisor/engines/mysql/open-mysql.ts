import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import type { StatementAuthor } from '../../policy/statement-policy.ts';
import type { LoadedEngine, OpenEngine } from '../open-engine.ts';
import { outsideOf } from '../outside-of.ts';
import { createMysqlPolicy } from './policy/mysql-policy.ts';
import { createMysqlParser, type MysqlParser } from './policy/mysql-parser.ts';
import { withholdValues } from '../withhold-values.ts';
import { openServer } from './open-server.ts';

/** More than the tables that are measured at once; what is not judged ahead is judged in its turn. */
const mostAhead = 8;

/** MySQL and MariaDB. With `python`, a parser is started now: it takes 0.2 s. */
export const loadMysql = (python?: string): LoadedEngine<'mysql'> => {
  let ready = python === undefined ? undefined : createMysqlParser(python);
  return {
    open: (target, bounds, wanted) => {
      const parser = ready ?? createMysqlParser(bounds.python);
      ready = undefined;
      return openMysql(target, parser, wanted);
    },
    discard: () => {
      ready?.close();
      ready = undefined;
    },
  };
};

/** What is judged for one author may be judged otherwise for the other. */
const keyOf = (sql: string, author: StatementAuthor = 'agent'): string => `${author} ${sql}`;

/**
 * Opens a database on a MySQL or MariaDB server: the one that the connection names. What these servers call other
 * databases are other schemas; they are not surveyed, each is a connection of its own. The policy stands before the
 * read-only session, which lets `SELECT … INTO OUTFILE` and `SET GLOBAL` through. The parser ends with what is opened.
 */
export const openMysql = async (
  target: TargetOf<'mysql'>,
  parser: MysqlParser,
  wanted?: WantedTables,
): Promise<OpenEngine> => {
  const { opened, folds_names, own_functions, ...server } = await openServer(target, wanted).catch((error: unknown) => {
    parser.close();
    throw error;
  });
  const outside = outsideOf(opened);
  const policy = createMysqlPolicy({
    tables: opened.addresses,
    default_schema: target.database,
    fold_names: folds_names,
    own_functions,
    parser,
    not_asked: opened.not_asked,
    boundary: outside,
  });
  const ahead = new Map<string, Promise<string>>();
  return {
    opened,
    judgeAhead(sql, author) {
      if (ahead.size === mostAhead || ahead.has(keyOf(sql, author))) return;
      const admitted = policy.admit(sql, author);
      // Whoever runs it is told.
      admitted.catch(() => undefined);
      ahead.set(keyOf(sql, author), admitted);
    },
    async run(sql, limits, author) {
      const admitted = ahead.get(keyOf(sql, author)) ?? policy.admit(sql, author);
      ahead.delete(keyOf(sql, author));
      const sent = await admitted;
      return withholdValues(sql, outside, () => server.run(sent, limits));
    },
    interrupt: () => server.interrupt(),
    async close() {
      policy.close();
      await server.close();
    },
  };
};
