import { nearest } from '../../../src/domain/nearest.ts';
import type { TableAddress } from '../engines/table-address.ts';
import { refusal, type Refusal } from './verdict.ts';

/** The tables of a run, found by the names a statement uses. */
export type RelationScope = {
  /** Whether it is one of the run's tables. Without a schema it lies in the default one, and only there. */
  has(schema: string | undefined, table: string): boolean;
  /** Says that it is not, and which name was perhaps meant. */
  refuse(schema: string | undefined, table: string): Refusal;
};

/** Makes the scope. `fold` makes names comparable: the identity, or lower case where the engine ignores case. */
export const createRelationScope = (
  tables: readonly TableAddress[],
  defaultSchema: string,
  fold: (name: string) => string = (name) => name,
): RelationScope => {
  const key = (schema: string, table: string): string => JSON.stringify([fold(schema), fold(table)]);
  const keys = new Set(tables.map(({ schema, table }) => key(schema ?? defaultSchema, table)));
  const names = tables.map(({ name }) => name);
  return {
    has: (schema, table) => keys.has(key(schema ?? defaultSchema, table)),
    refuse: (schema, table) => {
      const written = schema === undefined ? table : `${schema}.${table}`;
      const meant = nearest(written, names)[0] ?? tables.find((known) => fold(known.table) === fold(table))?.name;
      const some = names.slice(0, 8).join(', ');
      return refusal(
        'relations',
        `${written} is not a table of this run.`,
        meant === undefined ? `Its tables are ${some}${names.length > 8 ? ', …' : ''}.` : `Did you mean ${meant}?`,
      );
    },
  };
};
