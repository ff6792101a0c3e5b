import type { WantedTables } from '../../../../../src/domain/connection/narrow-schema.ts';
import { tableNameParts } from '../../../../../src/domain/sql-name.ts';

/** Which tables of a folder a run wants: the others are not read, so that nothing of them is there to be reached. */
export type WantedFiles = {
  has(table: string): boolean;
  /** Whether one of them could be a sheet of a workbook with this stem. */
  hasSheetOf(stem: string): boolean;
};

/** Longer names are cut. */
const maxStem = 100;

/** Finds them; undefined where the run is one of all tables. */
export const wantedFiles = (wanted: WantedTables | undefined): WantedFiles | undefined => {
  const names = wanted?.asked ?? wanted?.kept;
  // Nothing is asked of the tables where a folder is only to be opened, and then what is there is told.
  if (names === undefined || names.length === 0) return undefined;
  const tables = new Set(
    names.flatMap((name) => {
      const [first = '', second] = tableNameParts(name);
      return second === undefined ? [first] : first === 'main' ? [second] : [];
    }),
  );
  return {
    has: (table) => tables.has(table),
    hasSheetOf: (stem) => {
      const begin = `${stem.replace(/[\p{Cc}.]/gu, '_')}_`.slice(0, maxStem).toLowerCase();
      return [...tables].some((table) => table.toLowerCase().startsWith(begin));
    },
  };
};
