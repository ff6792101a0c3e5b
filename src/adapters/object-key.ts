import { Tenant } from '../contracts/common.ts';
import { Failure } from '../contracts/failure.ts';

/** S3 takes 1,024 bytes for the whole key; the tenant and its slash are at most 64 of them. */
const longestKey = 960;
/** What a file name may have on the usual file systems. */
const longestSegment = 255;

/** An object’s key with its tenant in front. Fails with INVALID_REQUEST on a key that could climb, hide or collide. */
export const objectKey = (tenant: string, key: string): string => {
  const problem = key.split('/').map(problemOfSegment).find(Boolean) ?? problemOfLength(key);
  if (problem !== undefined) throw refusal(key, problem);
  return `${owner(tenant)}/${key}`;
};

/** The beginning of keys with its tenant in front; unlike a key it may be empty, end in a slash or within a name. */
export const objectKeyPrefix = (tenant: string, prefix: string): string => {
  const segments = prefix.split('/');
  const last = segments.pop() ?? '';
  const problem =
    segments.map(problemOfSegment).find(Boolean) ??
    (last === '' ? undefined : problemOfSegment(last)) ??
    problemOfLength(prefix);
  if (problem !== undefined) throw refusal(prefix, problem);
  return `${owner(tenant)}/${prefix}`;
};

const owner = (tenant: string): string => {
  if (Tenant.safeParse(tenant).success) return tenant;
  throw new Failure('INVALID_REQUEST', `${JSON.stringify(tenant)} cannot be a tenant’s name.`, { where: 'tenant' });
};

const problemOfSegment = (segment: string): string | undefined => {
  if (segment === '') return 'it has an empty segment (a slash at the start, at the end, or two in a row)';
  if (segment === '.' || segment === '..') return `it has the segment "${segment}"`;
  if (/[\p{Cc}\\]/u.test(segment)) return 'it has a control character or a backslash';
  if (!segment.isWellFormed()) return 'it is not well-formed Unicode';
  if (Buffer.byteLength(segment) > longestSegment) return `one segment is longer than ${longestSegment} bytes`;
  return undefined;
};

const problemOfLength = (key: string): string | undefined =>
  Buffer.byteLength(key) > longestKey ? `it is longer than ${longestKey} bytes` : undefined;

const refusal = (key: string, problem: string): Failure =>
  new Failure(
    'INVALID_REQUEST',
    `${JSON.stringify(key)} cannot be an object’s key: ${problem}. A key is path segments joined by "/".`,
    { where: 'key' },
  );
