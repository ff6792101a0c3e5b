import { OwnFunctionRow, OwnOperatorRow, OwnTypeRow } from './catalog-rows.ts';
import type { PostgresConnection } from './connect.ts';
import { ownFunctionsSql, ownOperatorsSql, ownTypesSql } from './own-names-sql.ts';
import { safeSearchPath, type OwnNames } from './policy/own-names.ts';
import { computingExtensions } from './policy/postgres-extensions.ts';

/**
 * What a database has beside the system's own, and the schema that names without one mean, if any, where the role's search path is
 * `path`. Within a transaction whose search path is empty.
 */
export const readOwnNames = async (
  connection: PostgresConnection,
  path: readonly string[],
): Promise<{ readonly default_schema: string | undefined; readonly own: OwnNames }> => {
  const known = [[...computingExtensions]];
  const functions = await connection.ask(OwnFunctionRow, ownFunctionsSql, known);
  const operators = await connection.ask(OwnOperatorRow, ownOperatorsSql, known);
  const types = await connection.ask(OwnTypeRow, ownTypesSql, known);
  const searched = path.filter((schema) => !schema.startsWith('pg_'));
  return {
    default_schema: searched[0],
    own: { path: safeSearchPath({ path: searched, operators }), functions, operators, types },
  };
};
