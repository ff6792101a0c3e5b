import { Tenant } from '../contracts/common.ts';
import { Failure } from '../contracts/failure.ts';

/** What Secrets Manager holds in one secret, in bytes; the local store keeps to it, so that what works here works there. */
const largestSecret = 65_536;

/** A secret’s name with its tenant in front. Fails with INVALID_REQUEST on what Secrets Manager would not take. */
export const secretName = (tenant: string, name: string): string => {
  if (!Tenant.safeParse(tenant).success)
    throw new Failure('INVALID_REQUEST', `${JSON.stringify(tenant)} cannot be a tenant’s name.`, { where: 'tenant' });
  if (!/^[A-Za-z0-9/_+=.@-]{1,256}$/.test(name))
    throw new Failure(
      'INVALID_REQUEST',
      `${JSON.stringify(name)} cannot be a secret’s name: 1 to 256 letters, digits and /_+=.@- are allowed.`,
      { where: 'name' },
    );
  return `${tenant}/${name}`;
};

/** The value itself. Fails with INVALID_REQUEST where it is empty or too large; the message never shows it. */
export const secretValue = (name: string, value: string): string => {
  const bytes = Buffer.byteLength(value);
  if (bytes > 0 && bytes <= largestSecret) return value;
  throw new Failure(
    'INVALID_REQUEST',
    `The secret ${name} has ${bytes} bytes: a secret has at least 1 and at most ${largestSecret}.`,
    { where: name },
  );
};
