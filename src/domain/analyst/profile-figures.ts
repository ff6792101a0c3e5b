import type { DigestTable } from '../profile-digest.ts';

/** The evidence of what the profile says of a table. */
export const cite = (table: DigestTable): readonly string[] => table.statements.slice(0, 1);

/** How far a figure of the profile can be trusted, where it is not exact. */
export const estimate = (figure: { readonly basis?: string | undefined } | undefined): string =>
  figure?.basis === undefined ? '' : figure.basis === 'sample' ? ' (estimated from a sample)' : ' (approximately)';
