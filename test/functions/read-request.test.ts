import type { APIGatewayProxyEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { readBody } from '../../functions/read-request.ts';
import { openapi } from '../../src/contracts/openapi.ts';

const read = (body: string | null): unknown =>
  readBody({ body, isBase64Encoded: false } as unknown as APIGatewayProxyEvent);

it('takes nothing for an object without fields, as the document says, and blanks for no JSON', () => {
  for (const nothing of [null, '']) expect(read(nothing)).toEqual({});
  for (const blank of [' ', '\n', '\r\n\t']) expect(() => read(blank)).toThrow('The body is not JSON');
  const { paths } = openapi();
  expect(paths['/runs/{id}/resume']).toMatchObject({ post: { requestBody: { required: false } } });
  expect(paths['/catalog']).toMatchObject({ post: { requestBody: { required: true } } });
});
