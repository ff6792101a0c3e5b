import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { connect, type MysqlConnection } from './connect.ts';
import { driverError, isLost } from './driver-error.ts';
import type { OwnFunctions } from './policy/check-mysql-tree.ts';
import { mysqlFunctionNames } from './policy/mysql-functions.ts';

/** What a server says of a function that neither it nor the database has. */
const noSuchFunction: ReadonlySet<number> = new Set([1305, 1630]);

/** A database that has no functions of its own, whoever may make some. */
const nobodys = 'information_schema';

/** Whether the server itself has a function, which it looks for before those of a database. Asked for its plan, it is not called. */
const isBuiltIn = async (connection: MysqlConnection, name: string): Promise<boolean> => {
  try {
    await connection.ask(`EXPLAIN SELECT ${name}()`);
    return true;
  } catch (error) {
    const read = driverError(error);
    if (isLost(read)) throw error;
    // That it takes other arguments, or has a grammar of its own, says that it is there.
    return read.errno !== undefined && !noSuchFunction.has(read.errno);
  }
};

/**
 * Reads them: the servers do not have the same functions, and what one has not can be called like one that another has. Within a
 * session that may read the catalog.
 */
export const readOwnFunctions = async (
  connection: MysqlConnection,
  target: TargetOf<'mysql'>,
): Promise<OwnFunctions> => {
  const rows = await connection.ask(
    `SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ? AND ROUTINE_TYPE = 'FUNCTION'`,
    [target.database],
  );
  const listed = rows.map(({ name }) => String(name).toLowerCase()).filter((name) => mysqlFunctionNames.has(name));
  if (listed.length === 0) return new Map();
  const apart = await connect({ ...target, database: nobodys });
  try {
    const own = new Map<string, 'quoted' | 'always'>();
    for (const name of listed) own.set(name, (await isBuiltIn(apart, name)) ? 'quoted' : 'always');
    return own;
  } finally {
    apart.destroy();
  }
};
