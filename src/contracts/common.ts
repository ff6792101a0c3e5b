import * as z from 'zod';

/** Who owns a thing; the first part of every key. */
export const Tenant = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, at most 63');
export type Tenant = z.infer<typeof Tenant>;

/** A ULID: sorts by time of creation. */
export const RunId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'a run id is 26 characters of Crockford base 32');
export type RunId = z.infer<typeof RunId>;

/** The name of an agent, a node or a dataset. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, starting with a letter');
export type Name = z.infer<typeof Name>;

/** UTC, to the millisecond: 2026-01-31T12:00:00.000Z. */
export const Timestamp = z.iso.datetime({ precision: 3 });
export type Timestamp = z.infer<typeof Timestamp>;

/** SHA-256 in lower-case hexadecimal. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export type Sha256 = z.infer<typeof Sha256>;

/** Another run that something is compared with, and when it was started. */
export const RunRef = z.strictObject({ run_id: z.string(), at: Timestamp });
export type RunRef = z.infer<typeof RunRef>;
