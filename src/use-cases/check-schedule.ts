import type { Caller } from '../contracts/caller.ts';
import { Failure } from '../contracts/failure.ts';
import type { Schedule } from '../contracts/schedule.ts';
import { nextDue } from '../domain/schedule/next-due.ts';
import { readExpression } from '../domain/schedule/read-expression.ts';
import type { Using } from '../ports/port-access.ts';
import { describeKeptSource } from './describe-kept-source.ts';
import { sourcesOf } from './sources-of.ts';
import { requirePrefix } from './require-prefix.ts';

/**
 * Refuses a schedule that could never start a catalog: a wrong expression or time zone, a time that never comes, a prefix that
 * the caller may not use, a connection or dataset that is not there.
 */
export const checkSchedule = async (
  ports: Using<{ connections: 'read' }, 'clock'>,
  caller: Caller,
  { expression, time_zone, catalog, changed_at }: Schedule,
): Promise<void> => {
  const due = readExpression(expression, time_zone);
  if (nextDue(due, new Date(changed_at), ports.clock.now()) === undefined)
    throw new Failure('INVALID_REQUEST', `${expression} is never due again. Name a time that is still to come.`, {
      where: 'body.expression',
    });
  requirePrefix(caller, catalog.s3_prefix, 'body.catalog.s3_prefix');
  for (const { wanted, where } of sourcesOf(catalog, 'body.catalog'))
    await describeKeptSource(ports, caller.tenant, wanted, where);
};
