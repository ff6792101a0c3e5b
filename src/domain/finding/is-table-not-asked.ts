import type { NotLookedAt } from '../../contracts/finding.ts';

/** Whether tables as a whole were not asked for. A rule that would have needed such a table looked at its own one all the same. */
export const isTableNotAsked = ({ reason, rule }: NotLookedAt): boolean => reason === 'not_asked' && rule === undefined;

/** How many tables were not asked for. A run of before knew them by name, and may tell one several times. */
export const countNotAsked = (all: readonly NotLookedAt[]): number => {
  const told = all.filter(isTableNotAsked);
  const named = new Set(
    told.flatMap(({ source, table }) => (table === undefined ? [] : [JSON.stringify([source, table])])),
  );
  return named.size + told.reduce((sum, { tables = 0 }) => sum + tables, 0);
};
