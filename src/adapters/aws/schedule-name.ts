import { createHash } from 'node:crypto';

/** Characters of a name that EventBridge Scheduler takes. */
const maxName = 64;

/**
 * The name of a tenant's schedule in the group that all tenants share: no two have the same. Tenants and names hold neither
 * `.` nor `_`; where both together are too long, 240 bits of a hash stand for them.
 *
 * @example scheduleName('acme', 'nightly'); // 'acme.nightly'
 */
export const scheduleName = (tenant: string, name: string): string => {
  const plain = `${tenant}.${name}`;
  return plain.length <= maxName ? plain : `_${createHash('sha256').update(plain).digest('hex').slice(0, 60)}`;
};
