import type { Basis, TableProfile } from '../../contracts/profile.ts';

/** The share of the rows that a count was taken from: the sample’s rows for sampled figures, else the table’s. */
export const shareOfRows = (table: TableProfile, basis: Basis, count: number): number => {
  const rows = basis === 'sample' && table.sample !== undefined ? table.sample.rows : table.rows.count;
  return rows > 0 ? Math.min(1, count / rows) : 0;
};
