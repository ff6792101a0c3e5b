import type { Basis } from '../../contracts/profile.ts';

/** How far each part can be trusted: the pass over the rows, its count of distinct values, and the values that the rest is of. */
export type ColumnBases = { readonly pass: Basis; readonly distinct: Basis; readonly values: Basis };
