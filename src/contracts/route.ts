import type * as z from 'zod';
import type { Role } from './role.ts';

/** One route of the API. `function` is the folder below functions/ and the Lambda function's name. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly function: string;
  /** A key needs one of them; `anyone` needs no key. */
  readonly roles: readonly Role[] | 'anyone';
  /** Does something to what lies under no prefix: a key that is limited to prefixes may not. */
  readonly tenant_wide?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Headers beside `Authorization` that the route reads, by their names in lower case. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  /** The JSON answer. */
  readonly output: z.ZodType;
  /** Whether the same thing can also be had as an HTML page, chosen by `Accept`. */
  readonly html?: true;
  /** Whether a large answer is a redirect (307) to where it can be read. */
  readonly redirects?: true;
};
