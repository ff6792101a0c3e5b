import { narrowSchema, type WantedTables } from '../../../src/domain/connection/narrow-schema.ts';
import type { OpenedDatabase } from './open-engine.ts';

/** What was opened, without the tables that are not the run's; whole where no run wants it. Fails as `narrowSchema` does. */
export const narrowDatabase = (opened: OpenedDatabase, wanted: WantedTables | undefined): OpenedDatabase => {
  if (wanted === undefined) return opened;
  const narrowed = narrowSchema(opened.schema, wanted);
  const byName = new Map(opened.addresses.map((address) => [address.name, address]));
  return { ...narrowed, addresses: narrowed.schema.tables.flatMap(({ name }) => byName.get(name) ?? []) };
};
