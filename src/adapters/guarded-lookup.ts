import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Failure } from '../contracts/failure.ts';
import type { AddressGuard } from './address-guard.ts';

/** Asks for the addresses of a name, as `dns.promises.lookup` does. */
export type Resolve = (hostname: string, options: { readonly all: true }) => Promise<readonly LookupAddress[]>;

/**
 * The lookup of a connection: the addresses that it gives are checked, and are those that are connected to, since nobody asks
 * again in between. One that may not be reached refuses the name as a whole.
 */
export const guardedLookup =
  (guard: AddressGuard, resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    const answer = async (): Promise<void> => {
      let found: readonly LookupAddress[];
      try {
        found = await addressesOf(hostname, guard, resolve);
      } catch (thrown) {
        callback(thrown instanceof Error ? thrown : new Error(String(thrown)), '');
        return;
      }
      const [first] = found;
      if (options.all === true || first === undefined) callback(null, [...found]);
      else callback(null, first.address, first.family);
    };
    void answer();
  };

const addressesOf = async (
  hostname: string,
  guard: AddressGuard,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> => {
  const found = await resolve(hostname, { all: true });
  if (found.length === 0) throw Object.assign(new Error(`${hostname} has no address.`), { code: 'ENODATA' });
  for (const { address } of found) {
    const refusal = guard(address);
    if (refusal !== undefined) throw new Failure('FORBIDDEN', `${hostname}: ${refusal}.`);
  }
  return found;
};
