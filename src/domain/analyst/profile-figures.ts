import type { DigestTable } from '../profile-digest.ts';
import { countOf } from './finding.ts';

type Figure = { readonly basis?: string | undefined };

/** The evidence of what the profile says of a table. */
export const cite = (table: DigestTable): readonly string[] => table.statements.slice(0, 1);

/** How far a figure of the profile can be trusted, where it is not exact. */
export const estimate = (figure: Figure | undefined): string => {
  switch (figure?.basis) {
    case undefined:
      return '';
    case 'sample':
      return ' (estimated from a sample)';
    case 'planner':
      return ' (by the planner’s estimate)';
    default:
      return ' (approximately)';
  }
};

/** So many rows, or about so many. */
export const rowsOf = (rows: Figure & { readonly count: number }): string =>
  `${rows.basis === undefined ? '' : 'about '}${countOf(rows.count, 'row')}`;
