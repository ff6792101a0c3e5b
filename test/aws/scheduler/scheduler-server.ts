import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { cronMatches } from './cron-matches.ts';

/** A schedule as it comes over the wire; dates are seconds since 1970. */
type Entry = {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly StartDate?: number;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: { readonly Mode: string };
  readonly Target: { readonly Arn: string; readonly RoleArn: string; readonly Input: string };
  readonly ClientToken?: string;
};

/** A call as the function gets it, and what the entry says of it: the function's ARN, the role under which it is called. */
export type ScheduledCall = {
  readonly functionName: string;
  readonly input: unknown;
  readonly arn: string;
  readonly roleArn: string;
};

/** EventBridge Scheduler, and the asynchronous calls of Lambda behind it, by a clock that a test moves. */
export type SchedulerServer = {
  readonly url: string;
  readonly entries: ReadonlyMap<string, Entry>;
  /** Calls that failed to the last. */
  readonly deadLetters: readonly ScheduledCall[];
  /** Lets time pass minute by minute, and makes the calls that are due. */
  advance(to: Date): Promise<void>;
  /** Whether calls can be delivered; where not, they are tried again every minute, for an hour. */
  reachable: boolean;
  /** How often each call is made that is due from now on: at least once is what EventBridge promises, and Lambda too. */
  copies: number;
  /** The answers of so many next requests do not arrive, although the requests do. */
  loseAnswers(times: number): void;
  close(): Promise<void>;
};

/** What happens outside of it. */
export type SchedulerServerOptions = {
  readonly group: string;
  readonly clock: { now: Date };
  readonly call: (call: ScheduledCall) => Promise<unknown>;
};

class SchedulerError extends Error {
  readonly status: number;
  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

const minute = 60_000;
const retryMinutes = [1, 2];
const maxEventAge = 60 * minute;
const units = { minute, hour: 60 * minute, day: 1_440 * minute };

type Pending = { readonly call: ScheduledCall; readonly at: number; readonly since: number; readonly tries: number };

/** Serves EventBridge Scheduler's REST protocol, as far as its documentation says how it behaves and the adapter uses it. */
export const startSchedulerServer = async (options: SchedulerServerOptions): Promise<SchedulerServer> => {
  const { clock } = options;
  const entries = new Map<string, Entry>();
  const tokens = new Map<string, string>();
  const deadLetters: ScheduledCall[] = [];
  let pending: readonly Pending[] = [];
  let lost = 0;
  let calls = 0;

  const check = (entry: Entry): void => {
    const refuse = (message: string): never => {
      throw new SchedulerError('ValidationException', 400, message);
    };
    if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(entry.Name)) refuse('Invalid Name.');
    if (entry.GroupName !== options.group) throw new SchedulerError('ResourceNotFoundException', 404, 'No such group.');
    if (entry.FlexibleTimeWindow.Mode !== 'OFF') refuse('The test server knows no flexible window.');
    if (!/^arn:aws:iam::\d{12}:role\//.test(entry.Target.RoleArn)) refuse('Invalid RoleArn.');
    if (!/^(cron|rate|at)\(.+\)$/.test(entry.ScheduleExpression)) refuse('Invalid Schedule Expression.');
    if (entry.StartDate !== undefined && entry.StartDate * 1_000 < clock.now.getTime() - 5 * minute)
      refuse('The StartDate you specify cannot be earlier than 5 minutes ago.');
  };

  const perform = (method: string, name: string, entry: Entry): object => {
    const there = entries.get(name);
    if (method !== 'POST' && there === undefined)
      throw new SchedulerError('ResourceNotFoundException', 404, `Schedule ${name} does not exist.`);
    if (method === 'DELETE') {
      entries.delete(name);
      return {};
    }
    if (method === 'POST' && there !== undefined && tokens.get(name) !== entry.ClientToken)
      throw new SchedulerError('ConflictException', 409, `Schedule ${name} already exists.`);
    check({ ...entry, Name: name });
    entries.set(name, { ...entry, Name: name });
    if (entry.ClientToken !== undefined) tokens.set(name, entry.ClientToken);
    return { ScheduleArn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${entry.GroupName}/${name}` };
  };

  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const { pathname } = new URL(request.url ?? '/', 'http://scheduler');
      const name = decodeURIComponent(pathname.replace(/^\/schedules\//, ''));
      const body = request.method === 'DELETE' ? {} : await json(request);
      let status = 200;
      let answer: object;
      try {
        answer = perform(request.method ?? '', name, body as Entry);
      } catch (thrown) {
        if (!(thrown instanceof SchedulerError)) throw thrown;
        status = thrown.status;
        response.setHeader('x-amzn-errortype', thrown.name);
        answer = { Message: thrown.message };
      }
      if (lost > 0) {
        lost -= 1;
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    };
    serve().catch((thrown: unknown) => response.destroy(thrown as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** The time in the minute before `now` for which an entry is due. */
  const dueIn = ({ ScheduleExpression: expression, ...entry }: Entry, now: number): Date | undefined => {
    const at = /^at\((.+)\)$/.exec(expression)?.[1];
    const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
    if (at !== undefined) {
      const time = Date.parse(`${at}Z`);
      return time > now - minute && time <= now ? new Date(time) : undefined;
    }
    if (unit !== undefined) {
      const every = Number(value) * units[unit as keyof typeof units];
      const first = (entry.StartDate ?? 0) * 1_000;
      const last = first + Math.floor((now - first) / every) * every;
      return now >= first && last > now - minute ? new Date(last) : undefined;
    }
    return cronMatches(expression, entry.ScheduleExpressionTimezone ?? 'UTC', new Date(now))
      ? new Date(now)
      : undefined;
  };

  const make = async ({ call, since, tries }: Pending): Promise<void> => {
    const now = clock.now.getTime();
    const again = (minutes: number, counted: number): void => {
      pending = [...pending, { call, since, at: now + minutes * minute, tries: counted }];
    };
    if (!result.reachable) {
      if (now - since < maxEventAge) again(1, tries);
      else deadLetters.push(call);
      return;
    }
    try {
      await options.call(call);
    } catch {
      const delay = retryMinutes[tries];
      if (delay === undefined) deadLetters.push(call);
      else again(delay, tries + 1);
    }
  };

  const pass = async (): Promise<void> => {
    const now = clock.now.getTime();
    const waiting = pending.filter(({ at }) => at <= now);
    pending = pending.filter(({ at }) => at > now);
    for (const one of waiting) await make(one);
    for (const entry of entries.values()) {
      const due = entry.State === 'DISABLED' ? undefined : dueIn(entry, now);
      if (due === undefined) continue;
      const input = entry.Target.Input.replace('<aws.scheduler.scheduled-time>', `${due.toISOString().slice(0, 19)}Z`)
        // Each attempt has one of its own.
        .replace('<aws.scheduler.execution-id>', `execution-${(calls += 1)}`);
      const { Arn: arn, RoleArn: roleArn } = entry.Target;
      const functionName = arn.split(':').at(-1) ?? '';
      const call = { functionName, input: JSON.parse(input) as unknown, arn, roleArn };
      if (entry.ActionAfterCompletion === 'DELETE') entries.delete(entry.Name);
      for (let copy = 0; copy < result.copies; copy += 1) await make({ call, since: now, at: now, tries: 0 });
    }
  };

  const result: SchedulerServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries,
    deadLetters,
    reachable: true,
    copies: 1,
    async advance(to) {
      for (;;) {
        const next = (Math.floor(clock.now.getTime() / minute) + 1) * minute;
        if (next > to.getTime()) break;
        clock.now = new Date(next);
        await pass();
      }
      clock.now = to;
    },
    loseAnswers: (times) => {
      lost = times;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return result;
};
