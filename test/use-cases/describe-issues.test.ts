import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { problemResult } from '../../functions/problem-result.ts';
import { checkPart } from '../../functions/read-request.ts';
import { CatalogRequest } from '../../src/contracts/catalog.ts';
import { createCatalog } from '../../src/contracts/routes/create-catalog.ts';
import type { Log } from '../../src/ports/log.ts';
import { describeIssues, plainWords } from '../../src/use-cases/describe-issues.ts';

const Thing = z.strictObject({
  name: z.string().min(1).max(3),
  tags: z.array(z.string()).min(2).optional(),
  kind: z.enum(['table', 'view']).optional(),
  share: z.number().positive().max(1).optional(),
  code: z.string().regex(/^x/, 'starts with an x').optional(),
});
const told = (value: unknown) =>
  describeIssues(Thing.safeParse(value, { error: plainWords }).error?.issues ?? [], () => Object.keys(Thing.shape)).map(
    ({ where, message }) => `${where}: ${message}`,
  );

describe('what zod complains of', () => {
  it.each([
    [{}, 'name: is missing'],
    [{ name: 1 }, 'name: must be a string, and is a number'],
    [{ name: '' }, 'name: must not be empty'],
    [{ name: 'long' }, 'name: must have at most 3 characters'],
    [{ name: 'a', tags: ['b'] }, 'tags: must have at least 2 items'],
    [{ name: 'a', kind: 'veiw' }, 'kind: must be "table" or "view"'],
    [{ name: 'a', share: 0 }, 'share: must be above 0'],
    [{ name: 'a', share: 2 }, 'share: must be at most 1'],
    [{ name: 'a', code: 'y' }, 'code: starts with an x'],
    [{ name: 'a', zebra: 1 }, ': "zebra" is not known'],
  ])('of %j is told in plain words', (value, message) => {
    expect(told(value)).toEqual([message]);
  });

  it('begins with what is not known, and what was meant', () => {
    expect(told({ nmae: 'a' })).toEqual([': "nmae" is not known; is "name" meant?', 'name: is missing']);
  });
});

describe('a problem+json answer', () => {
  const log: Log = { with: () => log, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const detailOf = (body: unknown): string => {
    try {
      checkPart(CatalogRequest, body, 'body');
    } catch (thrown) {
      const request = { path: '/catalog', requestId: 'request-1', log, now: new Date(0), isStranger: false };
      const { body: text } = problemResult(thrown, { ...request, route: createCatalog });
      return (JSON.parse(text) as { detail: string }).detail;
    }
    throw new Error('the body was taken');
  };

  it('names the misspelt field, the one that was meant, and what is missing', () => {
    expect(detailOf({ dataset: 'ecommerce', s3_prefx: 'a' })).toBe(
      'body: "s3_prefx" is not known; is "s3_prefix" meant?; body.s3_prefix: is missing. See /openapi.json for what is taken.',
    );
  });

  it('does so inside a list', () => {
    const detail = detailOf({ sources: [{ datset: 'ecommerce' }], s3_prefix: 'a' });
    expect(detail).toContain('body.sources.0: "datset" is not known; is "dataset" meant?');
  });
});
