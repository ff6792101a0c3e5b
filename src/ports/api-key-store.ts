import type { ApiKey } from '../contracts/api-key.ts';

/** An API key, and when it was used last: to the hour, so that not each request is a write. */
export type UsedApiKey = ApiKey & { readonly last_used_at?: string | undefined };

/** API keys, of which only the hash is known. */
export type ApiKeyStore = {
  /** Makes a key known; one that has this hash already is replaced. */
  add(key: ApiKey): Promise<void>;
  /** By the hash alone: the tenant is what a key tells. A revoked one is found, too, and says so. */
  find(hash: string): Promise<ApiKey | undefined>;
  /** All keys of all tenants, revoked ones included, in the order in which they were made. */
  list(): Promise<readonly UsedApiKey[]>;
  /** Ends a key for good; false where there is none, or it has ended before. */
  revoke(hash: string, at: string): Promise<boolean>;
  /** Notes that a key was used, unless that was noted within the hour before. */
  noteUse(hash: string, at: string): Promise<void>;
};
