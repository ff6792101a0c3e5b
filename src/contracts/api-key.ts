import * as z from 'zod';
import { Sha256, Tenant, Timestamp } from './common.ts';
import { Prefix } from './prefix.ts';
import { Right, Role } from './role.ts';

/** A key from before keys had several roles: an operator could read, too. */
const withRoles = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null || !('role' in stored)) return stored;
  const { role, ...key } = stored;
  return { ...key, roles: role === 'operator' ? ['reader', 'operator'] : [role], rights: [] };
};

/** An API key as it is stored: its hash alone. */
export const ApiKey = z.preprocess(
  withRoles,
  z.strictObject({
    hash: Sha256,
    tenant: Tenant,
    roles: z.array(Role).min(1).readonly(),
    rights: z.array(Right).readonly(),
    prefixes: z
      .array(Prefix)
      .min(1)
      .max(20)
      .readonly()
      .optional()
      .describe('It sees and starts runs there and below alone; absent, it is not limited'),
    label: z.string(),
    created_at: Timestamp,
    revoked_at: Timestamp.optional().describe('From then on it opens nothing'),
  }),
);
export type ApiKey = z.infer<typeof ApiKey>;
