import { createHash } from 'node:crypto';
import { Failure } from '../contracts/failure.ts';

/**
 * Where a page of a list ended, as text for the client to hand back: the position of its last item, of letters, digits
 * and hyphens. The checksum tells a cursor that was made up, cut, or given for another list or to another tenant. It is no
 * secret: every query names the tenant, so a forger only moves within what is theirs.
 */
export const listCursor = (list: string, tenant: string, position: string): string =>
  `${position}.${checksum(list, tenant, position)}`;

/** The position behind which the next page begins. Fails with INVALID_REQUEST on a cursor that the list did not give. */
export const readListCursor = (list: string, tenant: string, cursor: string): string => {
  const [position = ''] = cursor.split('.', 1);
  if (/^[A-Za-z0-9-]+$/.test(position) && cursor === listCursor(list, tenant, position)) return position;
  throw new Failure(
    'INVALID_REQUEST',
    `The cursor is not one that the list of ${list} gave: hand back next_cursor of the page before unchanged, or leave it out to begin at the start.`,
    { where: 'cursor' },
  );
};

const checksum = (list: string, tenant: string, position: string): string =>
  createHash('sha256').update(`${list}\n${tenant}\n${position}`).digest('hex').slice(0, 12);
