import type { Actor } from './actor.ts';
import type { ApiKey } from './api-key.ts';

/** Who asks for something: for which tenant, as whom, and what limits that. */
export type Caller = {
  readonly tenant: string;
  readonly actor: Actor;
} & Pick<ApiKey, 'rights' | 'prefixes'>;

/** The holder of a key as a caller. The beginning of a hash tells keys apart and opens nothing. */
export const callerOf = ({ tenant, hash, label, rights, prefixes }: ApiKey): Caller => ({
  tenant,
  actor: { kind: 'key', id: hash.slice(0, 12), label },
  rights,
  ...(prefixes === undefined ? {} : { prefixes }),
});
