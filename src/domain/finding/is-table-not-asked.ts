import type { NotLookedAt } from '../../contracts/finding.ts';

/** Whether a table as a whole was not asked for. A rule that would have needed such a table looked at its own one all the same. */
export const isTableNotAsked = ({ reason, rule }: NotLookedAt): boolean => reason === 'not_asked' && rule === undefined;
