import { isBuiltInType } from '../../../../src/domain/engines/postgres/column-kind.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';

/**
 * A type's name as it is shown: the server puts a schema in front where the search path does not lead to it, also where that
 * is the default schema. What then would look like a built-in type keeps it.
 */
export const shownTypeName = (name: string, defaultSchema: string): string => {
  const prefix = [`${defaultSchema}.`, `${quoteName(defaultSchema)}.`].find((one) => name.startsWith(one));
  const short = prefix === undefined ? name : name.slice(prefix.length);
  return isBuiltInType(short) ? name : short;
};
