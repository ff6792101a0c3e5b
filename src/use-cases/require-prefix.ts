import type { Caller } from '../contracts/caller.ts';
import { Failure } from '../contracts/failure.ts';
import { isWithin } from '../contracts/prefix.ts';

/** Fails with FORBIDDEN where a caller who is limited to prefixes names another one. */
export const requirePrefix = ({ prefixes }: Pick<Caller, 'prefixes'>, prefix: string, where: string): void => {
  if (prefixes === undefined || isWithin(prefix, prefixes)) return;
  throw new Failure(
    'FORBIDDEN',
    `The API key may start runs under ${prefixes.join(' or ')} alone, and not under ${prefix}. Name a prefix there, or ask for another key.`,
    { where },
  );
};
