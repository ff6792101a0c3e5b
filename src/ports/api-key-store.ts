import type { ApiKey } from '../contracts/api-key.ts';

/** API keys, of which only the hash is known. */
export type ApiKeyStore = {
  put(key: ApiKey): Promise<void>;
  /** By the hash alone: the tenant is what a key tells. */
  find(hash: string): Promise<ApiKey | undefined>;
};
