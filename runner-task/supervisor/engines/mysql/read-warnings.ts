import { shortText } from '../../../../src/domain/short-text.ts';
import type { MysqlConnection } from './connect.ts';

/**
 * Warnings that leave a result what it is, by their numbers. Any other says that a value is not what the statement says
 * it is: cut (GROUP_CONCAT), NULL (past max_allowed_packet, a division by 0, a text that is no date), 0 (a regular
 * expression given up, a text that is no number), or rows short (a recursion stopped).
 */
const harmless: ReadonlyMap<number, string> = new Map([
  [1287, 'a form that a later version will not have'],
  [1681, 'a form that a later version will not have'],
  [3719, 'a name of a character set that will mean another'],
  [3778, 'a collation that a later version will not have'],
  // What these tell of fails where a statement reads it, and is a warning only of catalogs, which list other things too.
  [1146, 'a table that a view in the catalog reads is gone'],
  [1356, 'a view in the catalog is broken'],
  [1449, 'the definer of a view in the catalog is gone'],
]);

/** Notes that say the same of a value as a warning does; what others tell of leaves the result what it is. */
const telling: ReadonlyMap<number, string> = new Map([
  [1264, 'a value out of range'],
  [1916, 'an overflow by a cast, cut to the greatest value'],
]);

/** The fewest warnings that a server keeps of a statement, unless somebody has changed that; MySQL keeps 1,024. */
const fewestKept = 64;
const mostTold = 4;
const mostCharacters = 300;

/** Why the server says that the result just read is not the answer; undefined where it says nothing. */
export const readWarnings = async (connection: MysqlConnection): Promise<readonly string[] | undefined> => {
  const rows = await connection.ask('SHOW WARNINGS');
  const told = rows
    .filter((row) => (row['Level'] === 'Note' ? telling.has(Number(row['Code'])) : !harmless.has(Number(row['Code']))))
    .map((row) => ({ code: Number(row['Code']), message: shortText(String(row['Message']), mostCharacters) }));
  if (told.length === 0) return undefined;
  // A statement over many rows warns of each of them; one of a kind says it.
  const ofEach = [...Map.groupBy(told, ({ code }) => code)].map(([code, [first, ...more]]) => {
    const times = more.length === 0 ? '' : `, and ${more.length}${rows.length >= fewestKept ? ' or more' : ''} like it`;
    return `The server warned (${code}): ${first?.message ?? ''}${times}.`;
  });
  return [
    ...ofEach.slice(0, mostTold),
    ...(ofEach.length > mostTold ? [`${ofEach.length - mostTold} other kinds of warning.`] : []),
  ];
};
