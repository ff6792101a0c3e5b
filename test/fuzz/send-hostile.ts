import { Agent, request } from 'node:http';
import * as z from 'zod';
import { failures, isFailureKind } from '../../src/contracts/failure.ts';
import { Problem } from '../../src/contracts/problem.ts';
import type { Route } from '../../src/contracts/route.ts';
import { routes, type RouteName } from '../../src/contracts/routes.ts';
import { type Answer, sendBytes } from '../support/send-bytes.ts';
import { type Found, type HostileRequest, hostileRequests } from './hostile-requests.ts';
import { unreadableRequests } from './unreadable-requests.ts';

/** What was sent, and what came that no document promises. */
export type Fuzzed = {
  readonly requests: number;
  readonly complaints: readonly string[];
  readonly statuses: ReadonlyMap<number, number>;
};

const parallel = 12;
const agent = new Agent({ keepAlive: true, maxSockets: parallel });

const send = (port: number, one: HostileRequest, isFirst = true): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { method, path, headers, body } = one;
    const length: [string, string][] = body === undefined ? [] : [['content-length', String(Buffer.byteLength(body))]];
    const all = [
      ['host', `127.0.0.1:${port}`],
      ['connection', isFirst ? 'keep-alive' : 'close'],
      ...headers,
      ...length,
    ].flat();
    const asked = request(
      { agent: isFirst && agent, host: '127.0.0.1', port, method, path, headers: all, timeout: 30_000 },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')));
    asked.on('error', (error) => {
      // A connection that was kept open may be closed just when it is used again.
      if (isFirst && asked.reusedSocket) send(port, one, false).then(resolve, reject);
      else reject(error);
    });
    asked.end(body);
  });

const table = Object.values<Route>(routes);

/** The routes that a request may be one of: a name put behind a list is that of one of its things, and dots lead anywhere. */
const rowsOf = ({ method, path, route }: HostileRequest): readonly Route[] => {
  const [name = ''] = path.split('?');
  if (/\.|%2e|%2f|\/\/|\/$/i.test(name.replace('openapi.json', ''))) return table;
  const fits = (row: Route): boolean => new RegExp(`^${row.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(name);
  return [route, ...table.filter((row) => row.method === method && fits(row))];
};

/** What is wrong with an answer; nothing where the document promises it. */
const complaintOf = ({ status, headers, text }: Answer, rows: readonly Route[]): string | undefined => {
  if ('x-injected' in headers) return 'a header was injected';
  const type = String(headers['content-type']);
  if (status < 400) {
    const fits = rows.some((row) => {
      if (status !== row.status) return status === 307 && row.redirects === true;
      return type.startsWith('text/html') ? row.html === true : row.output.safeParse(parse(text)).success;
    });
    return fits ? undefined : `${status} ${type} is not what the route answers: ${text.slice(0, 200)}`;
  }
  if (!type.startsWith('application/problem+json')) return `${status} comes as ${type}: ${text.slice(0, 200)}`;
  const problem = Problem.safeParse(parse(text));
  if (!problem.success) return `${status} is no problem: ${z.prettifyError(problem.error)}: ${text.slice(0, 200)}`;
  const { kind, request_id } = problem.data;
  if (!isFailureKind(kind) || kind === 'INTERNAL' || failures[kind].status !== status || problem.data.status !== status)
    return `${status} ${kind}: ${text.slice(0, 200)}`;
  return request_id === headers['x-request-id']
    ? undefined
    : `request id ${request_id}, header ${String(headers['x-request-id'])}`;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** All with the key; every seventh without one and with a wrong one, where all end before a name is looked at. */
function* withCredentials(name: RouteName, key: string, found: Found): Generator<HostileRequest> {
  const wrong = [undefined, 'Bearer __proto__'];
  let at = 0;
  for (const one of hostileRequests(name, found)) {
    at++;
    yield { ...one, headers: [['authorization', `Bearer ${key}`], ...one.headers] };
    if (at % 7 !== 0) continue;
    for (const credential of wrong)
      yield credential === undefined ? one : { ...one, headers: [['authorization', credential], ...one.headers] };
  }
}

/** Sends every hostile name to every place of every route, with the key, without one and with a wrong one, and what no parser of HTTP takes. */
export const sendHostile = async (port: number, key: string, found: Found, every: number): Promise<Fuzzed> => {
  const complaints: string[] = [];
  const statuses = new Map<number, number>();
  let requests = 0;
  let made = 0;
  const judge = async (said: string, ask: () => Promise<Answer>, rows: readonly Route[]): Promise<void> => {
    requests++;
    try {
      const answer = await ask();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const complaint = complaintOf(answer, rows);
      if (complaint !== undefined) complaints.push(`${said}: ${complaint}`);
    } catch (thrown) {
      complaints.push(`${said}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  };
  for (const name of Object.keys(routes) as RouteName[]) {
    const all = withCredentials(name, key, found);
    const worker = async (): Promise<void> => {
      for (const one of all) {
        if (++made % every !== 0) continue;
        const said = `${name} ${one.method} ${one.path.slice(0, 120)} ${JSON.stringify(one.headers.filter(([header]) => header !== 'authorization')).slice(0, 120)} ${one.body?.slice(0, 160) ?? ''}`;
        await judge(said, () => send(port, one), rowsOf(one));
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    console.log(`${name}: ${requests} requests, ${complaints.length} complaints`);
  }
  for (const [said, bytes] of unreadableRequests(`127.0.0.1:${port}`))
    await judge(said, () => sendBytes(port, bytes), table);
  agent.destroy();
  return { requests, complaints, statuses };
};
