import { maxReportsOfMessage, type Message, type MessageType } from '../../contracts/message.ts';
import type { Run, RunAct } from '../../contracts/run.ts';

/**
 * What others are told of a stored change of a run: that it started (again, where it was resumed), that it ended. The messages
 * are made of nothing but what is stored, so that a change that is read twice makes the same ones with the same ids.
 *
 * @example
 * messagesOfChange(undefined, run).map(({ type }) => type); // ['run-started']
 */
export const messagesOfChange = (before: Run | undefined, after: Run): readonly Message[] => {
  const began = before === undefined || after.attempt > before.attempt;
  const ended = after.status !== 'running' && (began || before.status === 'running');
  const resumed = resumeOf(after);
  return [
    ...(began ? [messageOf(after, 'run-started', resumed?.at ?? after.created_at)] : []),
    ...(ended ? [messageOf(after, 'run-settled', after.ended_at ?? after.created_at)] : []),
  ];
};

/** Ids sort by the time of what they tell of: a list of messages by id is one by time. */
const messageOf = (run: Run, type: MessageType, time: string): Message => {
  const { tenant, run_id, attempt, chain, status, publish, failure, created_at, ended_at, trigger } = run;
  const reports = run.reports.slice(0, maxReportsOfMessage);
  const actor = resumeOf(run)?.actor ?? run.actor;
  return {
    id: `${time.replaceAll(/[^0-9TZ]/g, '')}-${run_id}-${attempt}-${type}`,
    type,
    version: 1,
    tenant,
    subject: `tenants/${tenant}/runs/${run_id}`,
    time,
    data: {
      run_id,
      attempt,
      chain,
      status,
      ...(failure === undefined ? {} : { failure_kind: failure.kind.slice(0, 256) }),
      created_at,
      ...(ended_at === undefined ? {} : { ended_at }),
      ...(publish === undefined ? {} : { s3_prefix: publish.s3_prefix }),
      reports,
      ...(run.reports.length > reports.length ? { more_reports: run.reports.length - reports.length } : {}),
      ...(trigger === undefined ? {} : { trigger }),
      ...(actor === undefined ? {} : { actor: { kind: actor.kind, id: actor.id } }),
    },
  };
};

/** The act by which the attempt of a run began that is not its first. */
const resumeOf = ({ attempt, acts = [] }: Run): RunAct | undefined =>
  attempt === 1 ? undefined : acts.findLast(({ act }) => act === 'resume');
