import { createHash } from 'node:crypto';
import { RunId } from '../contracts/common.ts';
import { Failure } from '../contracts/failure.ts';

/**
 * Where a page of runs ended, as text for the client to hand back. The checksum tells a cursor that was made up, cut, or
 * given to another tenant. It is no secret: every query names the tenant, so a forger only moves within their own runs.
 */
export const runCursor = (tenant: string, runId: string): string => `${runId}${checksum(tenant, runId)}`;

/** The run id after which the next page begins. Fails with INVALID_REQUEST on a cursor that was not given to the tenant. */
export const readRunCursor = (tenant: string, cursor: string): string => {
  const runId = cursor.slice(0, 26);
  if (RunId.safeParse(runId).success && cursor === runCursor(tenant, runId)) return runId;
  throw new Failure(
    'INVALID_REQUEST',
    'The cursor is not one that this list gave: hand back next_cursor of the page before unchanged, or leave it out to begin at the newest run.',
    { where: 'cursor' },
  );
};

const checksum = (tenant: string, runId: string): string =>
  createHash('sha256').update(`${tenant}\n${runId}`).digest('hex').slice(0, 12);
