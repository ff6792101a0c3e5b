import type { DatabaseProfile, RunProfile, TableProfile } from '../../contracts/profile.ts';

/** One measured table and the anchor of its section on the page. */
export type AnchoredTable = { readonly table: TableProfile; readonly anchor: string };

/** A database with its measured tables; anchors are numbered over the whole page. */
export type AnchoredDatabase = {
  readonly database: DatabaseProfile;
  readonly anchor: string;
  readonly tables: readonly AnchoredTable[];
};

/** Every measured table with its anchor, database by database. */
export const anchoredTables = ({ databases }: RunProfile): readonly AnchoredDatabase[] => {
  let before = 0;
  return databases.map((database, index) => {
    const first = before + 1;
    before += database.tables.length;
    return {
      database,
      anchor: `d${index + 1}`,
      tables: database.tables.map((table, at) => ({ table, anchor: `t${first + at}` })),
    };
  });
};
