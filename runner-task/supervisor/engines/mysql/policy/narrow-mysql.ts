import { randomUUID } from 'node:crypto';
import { mysqlNames } from '../../../../../src/domain/engines/mysql/names.ts';
import type { RelationScope } from '../../../policy/relation-scope.ts';
import { refusal, type Judge, type Refusal } from '../../../policy/verdict.ts';
import type { MysqlRunCatalogs } from './mysql-run-catalogs.ts';
import { refuseAltered } from './judge-mysql.ts';
import { nodesOf } from './mysql-nodes-of.ts';
import type { MysqlParser } from './mysql-parser.ts';
import { mysqlNode, nameOf, textOf, type MysqlNode } from './mysql-tree.ts';

/** A run of some tables: what its statements may tell, and of what. */
export type MysqlBoundary = {
  readonly database: string;
  readonly catalogs: MysqlRunCatalogs;
  /** Views: their plan and their definition name what they read. */
  readonly views: RelationScope;
  /** Tables with a key that leads outside: their definition names where to. */
  readonly leading: RelationScope;
};

const { quoteName, quoteText } = mysqlNames;
const refuse = (what: string, instead: string): Refusal => refusal('relations', what, instead);

/** What SHOW TABLE STATUS answers with, of the columns that the catalog has. */
const statusColumns = `TABLE_NAME AS Name, ENGINE AS Engine, VERSION AS Version, ROW_FORMAT AS Row_format, TABLE_ROWS AS \`Rows\`,
  AVG_ROW_LENGTH AS Avg_row_length, DATA_LENGTH AS Data_length, MAX_DATA_LENGTH AS Max_data_length,
  INDEX_LENGTH AS Index_length, DATA_FREE AS Data_free, AUTO_INCREMENT AS Auto_increment, CREATE_TIME AS Create_time,
  UPDATE_TIME AS Update_time, CHECK_TIME AS Check_time, TABLE_COLLATION AS Collation, CHECKSUM AS Checksum,
  CREATE_OPTIONS AS Create_options, TABLE_COMMENT AS Comment`;

/**
 * Narrows statements that were judged to a run of some tables. Each catalog in one becomes a query of the run’s part of it, and so
 * do SHOW TABLES and SHOW TABLE STATUS. Plans and definitions name what views read and keys lead to, so of those none is shown.
 */
export const createMysqlNarrowing = (boundary: MysqlBoundary, parser: MysqlParser): Judge => {
  const { catalogs, database, views, leading } = boundary;

  const showTables = (show: MysqlNode): Refusal | string => {
    const isStatus = textOf(show.parts['this']) === 'TABLE STATUS';
    if (show.parts['where'] !== undefined)
      return refuse(
        'SHOW … WHERE may not choose among the tables of a run.',
        'Write SELECT … FROM information_schema.tables WHERE …',
      );
    const like = mysqlNode(show.parts['like']);
    const pattern = like === undefined ? textOf(show.parts['like']) : textOf(like.parts['this']);
    const columns = isStatus
      ? statusColumns
      : `TABLE_NAME AS ${quoteName(`Tables_in_${database}`)}${show.parts['full'] === true ? ', TABLE_TYPE AS Table_type' : ''}`;
    const among = pattern === undefined ? '' : ` WHERE TABLE_NAME LIKE ${quoteText(pattern)}`;
    return `SELECT ${columns} FROM ${catalogs.get('tables') ?? ''} AS c${among} ORDER BY TABLE_NAME`;
  };

  const scopeOf = (target: MysqlNode | undefined, db: MysqlNode | undefined): readonly [string | undefined, string] => {
    const inner = target?.kind === 'Table' ? mysqlNode(target.parts['this']) : target;
    const schema = target?.kind === 'Table' ? (mysqlNode(target.parts['db']) ?? db) : db;
    return [schema === undefined ? undefined : nameOf(schema), inner === undefined ? '' : nameOf(inner)];
  };

  const checkShow = (show: MysqlNode): Refusal | undefined => {
    if (textOf(show.parts['this']) !== 'CREATE TABLE') return undefined;
    const [schema, table] = scopeOf(mysqlNode(show.parts['target']), mysqlNode(show.parts['db']));
    return views.has(schema, table) || leading.has(schema, table)
      ? refuse(
          `the definition of ${table} names what is outside this run.`,
          'Use DESCRIBE, or information_schema.columns and key_column_usage.',
        )
      : undefined;
  };

  const checkPlan = (explained: MysqlNode): Refusal | undefined => {
    for (const node of nodesOf(explained)) {
      if (node.kind !== 'Table') continue;
      const [schema, table] = scopeOf(node, undefined);
      if (views.has(schema, table))
        return refuse(`a plan would name what ${table} reads, which may be outside this run.`, 'SELECT from it.');
    }
    return undefined;
  };

  return async (sql) => {
    // What a catalog becomes is put in where its name was; the name stands in for it, and nobody can know it.
    const mark = `c${randomUUID().replaceAll('-', '')}`;
    const parsed = await parser.parse(sql, mark);
    const [statement] = 'failed' in parsed ? [] : parsed.statements;
    const tree = mysqlNode(statement?.tree);
    if (statement === undefined || tree === undefined)
      return refusal('parsing', 'the statement cannot be read a second time.', 'Write it in a simpler way.');
    const altered = refuseAltered('failed' in parsed ? null : parsed.altered);
    if (altered) return altered;
    if (tree.kind === 'Show') {
      if (!['TABLES', 'TABLE STATUS'].includes(textOf(tree.parts['this']) ?? '')) {
        return checkShow(tree) ?? { allowed: true, sql };
      }
      const select = showTables(tree);
      return typeof select === 'string' ? { allowed: true, sql: select } : select;
    }
    if (tree.kind === 'Describe') {
      const described = mysqlNode(tree.parts['this']);
      const refused = described === undefined || described.kind === 'Table' ? undefined : checkPlan(described);
      if (refused) return refused;
    }
    let unknown: string | undefined;
    const written = statement.sql.replaceAll(new RegExp('`' + mark + '_(\\w+)`', 'g'), (_, name: string) => {
      const select = catalogs.get(name);
      if (select === undefined) unknown = name;
      return select ?? '';
    });
    return unknown === undefined
      ? { allowed: true, sql: written }
      : refuse(
          `information_schema.${unknown} does not tell apart what is of this run.`,
          'Use information_schema.tables, columns, statistics, key_column_usage or table_constraints.',
        );
  };
};
