import type { Actor } from './actor.ts';
import type { ApiKey } from './api-key.ts';

/** What opens the API to somebody: an API key, or a token of the configured issuer. `hash` tells holders apart. */
export type Credential = Pick<ApiKey, 'hash' | 'tenant' | 'roles' | 'rights' | 'prefixes' | 'label'> & {
  readonly kind: 'key' | 'token';
};

/** Who asks for something: for which tenant, as whom, and what limits that. */
export type Caller = {
  readonly tenant: string;
  readonly actor: Actor;
} & Pick<ApiKey, 'rights' | 'prefixes'>;

/** The holder of a credential as a caller. The beginning of a hash tells holders apart and opens nothing. */
export const callerOf = ({ kind, tenant, hash, label, rights, prefixes }: Credential): Caller => ({
  tenant,
  actor: { kind, id: hash.slice(0, 12), label },
  rights,
  ...(prefixes === undefined ? {} : { prefixes }),
});
