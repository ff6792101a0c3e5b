import { createHash } from 'node:crypto';
import { Failure } from '../contracts/failure.ts';

/**
 * Where a page of a list ended, as text for the client to hand back: the position of its last item, of letters, digits
 * and hyphens. The checksum tells a cursor that was made up, cut, or given for another list or to another tenant. It is no
 * secret: every query names the tenant, so a forger only moves within what is theirs.
 */
export const listCursor = (list: string, scope: string, position: string): string =>
  `${position}.${checksum(list, scope, position)}`;

/** The position behind which the next page begins. Fails with INVALID_REQUEST on a cursor that the list did not give. */
export const readListCursor = (list: string, scope: string, cursor: string): string => {
  const [position = ''] = cursor.split('.', 1);
  if (/^[A-Za-z0-9-]+$/.test(position) && cursor === listCursor(list, scope, position)) return position;
  throw new Failure(
    'INVALID_REQUEST',
    `The cursor is not one that the list of ${list} gave: hand back next_cursor of the page before unchanged, or leave it out to begin at the start.`,
    { where: 'cursor' },
  );
};

const checksum = (list: string, scope: string, position: string): string =>
  createHash('sha256').update(`${list}\n${scope}\n${position}`).digest('hex').slice(0, 12);
