import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/contracts/problem.ts';
import { flat, stackTemplate } from './template.ts';

type GatewayResponse = {
  readonly ResponseType: string;
  readonly StatusCode: string;
  readonly ResponseTemplates: Readonly<Record<string, string>>;
  readonly ResponseParameters: Readonly<Record<string, string>>;
};

/** What the gateway answers by itself, by the name of the response type. */
const answersUnder = (context: Readonly<Record<string, string>>) =>
  stackTemplate(context)
    .ofType('AWS::ApiGateway::GatewayResponse')
    .map(({ Properties }) => {
      const { ResponseType, StatusCode, ResponseTemplates, ResponseParameters } = Properties as GatewayResponse;
      const headers = Object.entries(ResponseParameters).map(([name, value]): [string, string] => [
        name.replace('gatewayresponse.header.', ''),
        flat(value).replace(/^'(.*)'$/, '$1'),
      ]);
      const body = ResponseTemplates['application/json'] ?? '';
      return { type: ResponseType, status: Number(StatusCode), headers: Object.fromEntries(headers), body };
    })
    .toSorted((one, other) => (one.type < other.type ? -1 : 1));

/** As API Gateway lists them: developer guide, "Gateway response types". */
const responseTypes = [
  'ACCESS_DENIED',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'EXPIRED_TOKEN',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'MISSING_AUTHENTICATION_TOKEN',
  'QUOTA_EXCEEDED',
  'REQUEST_TOO_LARGE',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNAUTHORIZED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
];

describe('what the gateway answers by itself', () => {
  it('is problem+json, whatever it is about', async () => {
    const answers = answersUnder({ origins: 'https://a.example' });
    expect(answers.map(({ type }) => type)).toEqual(responseTypes);
    for (const { status, body, headers } of answers) {
      expect(Problem.parse(JSON.parse(body))).toMatchObject({ status, request_id: '$context.requestId' });
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'access-control-allow-origin': 'https://a.example',
      });
      expect('retry-after' in headers).toBe(status === 429);
    }
    const readable = answers.map(({ body, ...answer }) => ({ ...answer, body: JSON.parse(body) as unknown }));
    await expect(`${JSON.stringify(readable, null, 2)}\n`).toMatchFileSnapshot('../golden/infra/gateway-answers.json');
  });

  it('is for pages of other origins where some are allowed, and for none elsewhere', () => {
    const allowed = (origins: string) =>
      new Set(answersUnder({ origins }).map(({ headers }) => headers['access-control-allow-origin']));
    expect(allowed('https://a.example,https://b.example')).toEqual(new Set(['*']));
    expect(allowed('')).toEqual(new Set([undefined]));
  });
});
