import { routeExamples } from '../../src/contracts/route-examples.ts';
import type { Route } from '../../src/contracts/route.ts';
import { type RouteName, routes } from '../../src/contracts/routes.ts';
import { brokenEscapes, hostileNames, isFieldValue, isToken } from './hostile-names.ts';

/** One request as it goes over the wire. */
export type HostileRequest = {
  readonly route: Route;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
};

/** What is really there, so that not every path ends in 404. */
export type Found = { readonly id: string; readonly name: string; readonly agent: string };

type Json = Readonly<Record<string, unknown>>;

/** Headers that something reads, beside the credential. */
const readHeaders = ['idempotency-key', 'x-request-id', 'accept', 'origin', 'cookie', 'content-type', 'user-agent'];

/** Bodies that fit, by which all members of the deeper ones are reached; none of them starts anything. */
const furtherBodies: { readonly [N in RouteName]?: readonly Json[] } = {
  createCatalog: [
    { sources: [{ name: 'one', connection: 'none-such', tables: ['a'] }], s3_prefix: 'r', budget: { seconds: 60 } },
    { dataset: 'none-such', s3_prefix: 'r' },
  ],
  changeSchedule: [{ catalog: { connection: 'none-such', s3_prefix: 'r', budget: { seconds: 60 } } }],
};

/** Every request of one route in which a hostile name stands somewhere: path, query, headers, body. */
export function* hostileRequests(name: RouteName, found: Found): Generator<HostileRequest> {
  const route: Route = routes[name];
  const { method } = route;
  const example: Json | undefined = 'body' in routeExamples[name] ? (routeExamples[name].body as Json) : undefined;
  const bodies = [...(example === undefined ? [] : [example]), ...(furtherBodies[name] ?? [])];
  // What changes something is asked of what is not there.
  const own = method === 'GET' ? found : { ...found, name: 'none-such' };
  const path = fill(route.path, (parameter) => own[parameter as keyof Found] ?? own.name);
  const whole = bodies[0] === undefined ? {} : { body: JSON.stringify(bodies[0]) };
  const ask = (change: Partial<HostileRequest>): HostileRequest => ({
    route,
    method,
    path,
    headers: [],
    ...whole,
    ...change,
  });

  for (const piece of [...hostileNames.map(encodeURIComponent), ...brokenEscapes, ...hostileNames.filter(isToken)]) {
    if (route.params !== undefined) yield ask({ path: fill(route.path, () => piece) });
    yield ask({ path: `${path}/${piece}` });
    for (const query of queriesOf(route, piece)) yield ask({ path: `${path}?${query}` });
  }
  for (const header of hostileNames.filter(isToken)) {
    yield ask({ headers: [[header, '1']] });
    yield ask({
      headers: [
        [header, '1'],
        [header.toUpperCase(), '2'],
      ],
    });
  }
  for (const header of readHeaders) {
    for (const value of hostileNames.filter(isFieldValue)) yield ask({ headers: [[header, value]] });
    yield ask({
      headers: [
        [header, 'a'],
        [header, 'b'],
      ],
    });
  }
  for (const value of hostileNames.filter(isFieldValue)) yield ask({ headers: [['cookie', `${value}=1; ${value}=2`]] });
  for (const body of bodiesOf(bodies)) yield ask({ body });
}

const fill = (path: string, value: (parameter: string) => string): string =>
  path.replace(/\{(\w+)\}/g, (_, parameter: string) => value(parameter));

const queriesOf = (route: Route, piece: string): readonly string[] => [
  piece,
  `${piece}=1`,
  `${piece}=1&${piece}=2`,
  `${piece}[${piece}]=1`,
  ...Object.keys(route.query?.shape ?? {}).flatMap((name) => [`${name}=${piece}`, `${name}=1&${name}=${piece}`]),
];

/** Written by hand where JSON.stringify would write a member once only. */
function* bodiesOf(bodies: readonly Json[]): Generator<string> {
  for (const name of [...hostileNames, '\ud800', 'a\udc00b']) {
    const quoted = JSON.stringify(name);
    yield `{${quoted}: {${quoted}: ${quoted}}}`;
    yield `{${quoted}: 1, ${quoted}: 2}`;
    yield `[${quoted}]`;
    yield quoted;
    for (const body of bodies) {
      const text = JSON.stringify(body);
      for (const [member] of Object.entries(body)) {
        yield text.replace('{', `{${JSON.stringify(member)}: ${quoted}, `);
        yield `${text.slice(0, -1)}, ${JSON.stringify(member)}: {${quoted}: 1}}`;
      }
      // Into every object, and instead of every text and every member's name.
      for (const { index } of text.matchAll(/\{/g))
        yield `${text.slice(0, index + 1)}${quoted}: 1, ${text.slice(index + 1)}`;
      for (const { index, 0: old } of text.matchAll(/"(?:[^"\\]|\\.)*"/g))
        yield text.slice(0, index) + quoted + text.slice(index + old.length);
    }
  }
}
