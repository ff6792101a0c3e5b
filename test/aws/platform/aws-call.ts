import type { IncomingMessage } from 'node:http';

/** A call of an AWS service as it came over the wire. */
export type AwsCall = {
  /** The id of the caller's access key: of a function, its name. */
  readonly caller: string;
  /** The service as signatures name it: `dynamodb`, `s3`, `states` … */
  readonly service: string;
  /** The operation, as the SDK calls it. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The JSON of the request; undefined where it has none. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  /** Under which conditions it writes: each has to hold. */
  readonly conditions: readonly string[];
};

/** Reads who calls what from a request: the signature's scope, in a header or in a link, names the key and the service. */
export const readAwsCall = (request: IncomingMessage, body: Buffer): AwsCall => {
  const { method = '', url: path = '' } = request;
  const linked = new URL(path, 'http://aws').searchParams.get('X-Amz-Credential') ?? '';
  const scope = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(
    request.headers.authorization ?? `Credential=${linked}`,
  );
  const [, caller = '', service = ''] = scope ?? [];
  const target = String(request.headers['x-amz-target'] ?? '');
  const input = readJson(request.headers['content-type'] ?? '', body);
  const operation =
    target === ''
      ? service === 's3'
        ? s3Operation(method, path)
        : service === 'scheduler'
          ? schedulerOperation(method)
          : (new URLSearchParams(body.toString()).get('Action') ?? `${method} ${path}`)
      : target.slice(target.lastIndexOf('.') + 1);
  const conditions = service === 'dynamodb' ? ofItems(body.toString()) : ofObject(request);
  return { caller, service, operation, method, path, input, conditions };
};

/** Of an item, or of the items of a transaction. */
const ofItems = (body: string): readonly string[] =>
  [...body.matchAll(/"ConditionExpression":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) => JSON.parse(text) as string);

const ofObject = ({ headers }: IncomingMessage): readonly string[] =>
  ['if-match', 'if-none-match'].flatMap((name) =>
    headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`],
  );

const readJson = (type: string, body: Buffer): AwsCall['input'] => {
  if (!type.includes('json') || body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString()) as AwsCall['input'];
  } catch {
    return undefined;
  }
};

const schedulerOperation = (method: string): string =>
  ({ GET: 'GetSchedule', POST: 'CreateSchedule', PUT: 'UpdateSchedule', DELETE: 'DeleteSchedule' })[method] ?? method;

const s3Operation = (method: string, path: string): string => {
  const url = new URL(path, 'http://s3');
  const isObject = url.pathname.split('/').filter(Boolean).length > 1;
  if (!isObject) return method === 'GET' ? 'ListObjectsV2' : `${method} bucket`;
  return (
    { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method] ?? `${method} object`
  );
};
