import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** What of a request becomes an event; the headers' names in lower case. */
export type ProxyRequest = {
  readonly method: string;
  /** The route's path, with its parameters in braces. */
  readonly resource: string;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length > 0 ? values : null);

const lists = (pairs: readonly (readonly [string, string])[]): Record<string, string[]> => {
  // A name is whatever was sent, `__proto__` and `constructor` too, which every plain object has already.
  const all = new Map<string, string[]>();
  for (const [name, value] of pairs) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries(all);
};

/** A request as API Gateway's REST proxy integration hands it to a function. */
export const proxyEvent = (request: ProxyRequest): APIGatewayProxyEvent => {
  const query = [...request.url.searchParams];
  const { method, resource, headers } = request;
  const path = request.url.pathname;
  return {
    httpMethod: method,
    resource,
    path,
    pathParameters: orNull({ ...request.params }),
    // Of a parameter given twice, API Gateway hands over the last value here and all of them below.
    queryStringParameters: orNull(Object.fromEntries(query)),
    multiValueQueryStringParameters: orNull(lists(query)),
    headers: { ...headers },
    multiValueHeaders: lists(Object.entries(headers)),
    body: request.body === undefined || request.body === '' ? null : request.body,
    isBase64Encoded: false,
    stageVariables: null,
    requestContext: {
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      accountId: 'local',
      apiId: 'local',
      stage: 'local',
      protocol: 'HTTP/1.1',
      httpMethod: method,
      path,
      resourceId: resource,
      resourcePath: resource,
      authorizer: null,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '127.0.0.1',
        user: null,
        userAgent: headers['user-agent'] ?? null,
        userArn: null,
      },
    },
  };
};

/** What a function answered, as the response that API Gateway makes of it. */
export const proxyResponse = (result: APIGatewayProxyResult): Response => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(result.headers ?? {})) headers.set(name, String(value));
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) {
    headers.delete(name);
    for (const value of values) headers.append(name, String(value));
  }
  const body = result.isBase64Encoded === true ? Buffer.from(result.body, 'base64') : result.body;
  return new Response(body, { status: result.statusCode, headers });
};
