import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { crossOrigin } from '../src/contracts/cross-origin.ts';
import { type FailureKind, failures } from '../src/contracts/failure.ts';
import type { Problem } from '../src/contracts/problem.ts';

type Answer = {
  readonly kind: FailureKind;
  readonly message: string;
  /** Where the gateway is more exact than the failure table. */
  readonly status?: number;
  /** Seconds after which the same request may be sent again. */
  readonly retryAfter?: number;
};

const forbidden: Answer = { kind: 'FORBIDDEN', message: 'The gateway of the API does not let this request in.' };

/** Everything that API Gateway answers by itself, without asking a function. Names are those of its response types. */
const answers: Readonly<Record<string, Answer>> = {
  ACCESS_DENIED: forbidden,
  BAD_REQUEST_BODY: { kind: 'INVALID_REQUEST', message: 'The body cannot be read. Send a JSON object.' },
  BAD_REQUEST_PARAMETERS: { kind: 'INVALID_REQUEST', message: 'A parameter is missing or cannot be read.' },
  DEFAULT_4XX: { kind: 'INVALID_REQUEST', message: 'The gateway of the API cannot read this request.' },
  DEFAULT_5XX: { kind: 'INTERNAL', message: 'The function did not answer; its log has more under the request id.' },
  // What IAM signs is not for this API: the header "Authorization" is then taken for a signature.
  EXPIRED_TOKEN: forbidden,
  INVALID_API_KEY: forbidden,
  INVALID_SIGNATURE: forbidden,
  MISSING_AUTHENTICATION_TOKEN: {
    kind: 'NOT_FOUND',
    message: 'No route has this path and method; /openapi.json lists them all.',
  },
  QUOTA_EXCEEDED: { kind: 'RATE_LIMITED', message: 'The quota of this API is used up.', retryAfter: 3_600 },
  REQUEST_TOO_LARGE: {
    kind: 'REQUEST_TOO_LARGE',
    message: 'The request has more than the 10 MB that the gateway takes.',
  },
  RESOURCE_NOT_FOUND: { kind: 'NOT_FOUND', message: 'No route has this path; /openapi.json lists them all.' },
  THROTTLED: {
    kind: 'RATE_LIMITED',
    message: 'The API gets more requests than it takes in a second. Come again in 1 s.',
    retryAfter: 1,
  },
  UNAUTHORIZED: {
    kind: 'UNAUTHENTICATED',
    message: 'Send a valid API key in the header "Authorization: Bearer <key>".',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    kind: 'INVALID_REQUEST',
    message: 'The body is of a kind that is not taken. Send JSON and the header "Content-Type: application/json".',
    status: 415,
  },
  WAF_FILTERED: forbidden,
};

/** Lets the gateway answer in the form in which the functions do: problem+json, which pages of the origins may read. */
export const answerAsProblems = (api: RestApi, origins: readonly string[]): void => {
  for (const [type, answer] of Object.entries(answers)) {
    const status = answer.status ?? failures[answer.kind].status;
    api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      templates: { 'application/json': JSON.stringify(problemOf(answer, status)) },
      responseHeaders: quoted({
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        ...(answer.retryAfter === undefined ? {} : { 'retry-after': String(answer.retryAfter) }),
        ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        ...corsOf(origins),
      }),
    });
  }
};

const problemOf = ({ kind, message }: Answer, status: number): Problem => ({
  type: 'about:blank',
  title: failures[kind].title,
  status,
  detail: message,
  instance: '$context.path',
  kind,
  message,
  request_id: '$context.requestId',
});

/** A gateway's answer has fixed headers, and says nothing about anybody: of several origins it cannot name the one that asks. */
const corsOf = ([origin, ...others]: readonly string[]): Readonly<Record<string, string>> =>
  origin === undefined
    ? {}
    : {
        'access-control-allow-origin': others.length === 0 ? origin : '*',
        'access-control-expose-headers': crossOrigin.shown.join(', '),
      };

/** Texts as API Gateway tells them from the places of a request that a header may be taken from. */
const quoted = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
