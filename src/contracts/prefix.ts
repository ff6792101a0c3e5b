import * as z from 'zod';

/**
 * A place in the object store: path segments of letters, digits, `.`, `_` and `-`, each starting with a letter or digit.
 * So a prefix can neither climb (`..`), nor be absolute, nor reach Surveyor's own keys (they start with `_`).
 */
export const Prefix = z
  .string()
  .max(512)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,127})*$/,
    'path segments of at most 128 letters, digits, ".", "_" and "-", each starting with a letter or digit, joined by "/"; no leading or trailing "/", no ".."',
  )
  .describe('Where the reports go: {s3_prefix}/{timestamp}/{agent}.html');
export type Prefix = z.infer<typeof Prefix>;

/**
 * Whether a prefix is one of those given or lies below one.
 *
 * @example
 * isWithin('reports/sales/2026', ['reports/sales']); // true
 * isWithin('reports/salesforce', ['reports/sales']); // false
 */
export const isWithin = (prefix: string, limits: readonly string[]): boolean =>
  limits.some((limit) => prefix === limit || prefix.startsWith(`${limit}/`));
