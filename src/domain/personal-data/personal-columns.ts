import type { Finding } from '../../contracts/finding.ts';

/** The columns that the rules found to hold personal data, and what each holds, as in `e-mail address`. */
export type PersonalColumns = {
  readonly kindOf: (source: string, table: string, column: string) => string | undefined;
  /** What columns of that name hold in any table of the source, or of all where none is named: a result tells no table. */
  readonly kindOfName: (source: string | undefined, column: string) => string | undefined;
};

/** The columns that findings of whole columns with personal data are about. */
export const personalColumnsOf = (
  findings: readonly Pick<Finding, 'rule' | 'place'>[] | undefined = [],
): PersonalColumns => {
  const columns = findings
    .filter(({ rule }) => rule === 'personal-data')
    .flatMap(({ place: { source, table, columns, part = 'personal data' } }) =>
      columns.map((column) => ({ source, table, column, part })),
    );
  const key = (...parts: readonly string[]): string => JSON.stringify(parts);
  const byColumn = new Map(columns.map(({ source, table, column, part }) => [key(source, table, column), part]));
  const byName = new Map(
    columns.flatMap(({ source, column, part }) => [
      [key(source, column.toLowerCase()), part] as const,
      [key(column.toLowerCase()), part] as const,
    ]),
  );
  return {
    kindOf: (source, table, column) => byColumn.get(key(source, table, column)),
    kindOfName: (source, column) =>
      byName.get(source === undefined ? key(column.toLowerCase()) : key(source, column.toLowerCase())),
  };
};

/** What stands in the place of a value. */
export const maskOf = (kind: string): string => `‹${kind}›`;
