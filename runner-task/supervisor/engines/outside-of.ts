import type { OpenedDatabase } from './open-engine.ts';
import type { TableAddress } from './table-address.ts';

/** The tables of a run that others stand behind: its views, and its tables with a key that leads outside. */
export type OutsideOf = { readonly views: readonly TableAddress[]; readonly leading: readonly TableAddress[] };

/** Finds them; undefined where the run is one of all tables. */
export const outsideOf = ({ schema, addresses, not_asked }: OpenedDatabase): OutsideOf | undefined => {
  if (not_asked === undefined) return undefined;
  const { tables } = schema;
  const addressesOf = (names: ReadonlySet<string>): readonly TableAddress[] =>
    addresses.filter(({ name }) => names.has(name));
  return {
    views: addressesOf(new Set(tables.flatMap(({ name, kind }) => (kind === 'view' ? [name] : [])))),
    leading: addressesOf(
      new Set(tables.flatMap(({ name, constraints }) => (constraints.some(({ outside }) => outside) ? [name] : []))),
    ),
  };
};
