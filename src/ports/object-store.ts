/** Reports, profiles, conversations: bytes by key. A key is relative to its tenant; nothing reaches another tenant’s. */
export type ObjectStore = {
  /** Whole or not at all: a reader never sees half of it. Fails with STORAGE_FAILED. */
  put(tenant: string, key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** Puts an object where there is none under the key; says whether it did. Whoever comes later reads the first one. */
  putNew(tenant: string, key: string, body: Uint8Array | string, contentType: string): Promise<boolean>;
  get(tenant: string, key: string): Promise<Uint8Array | undefined>;
  /** A link by which whoever has it reads the object, for two minutes; undefined where the store gives none out. */
  link(tenant: string, key: string, contentType: string): Promise<string | undefined>;
  /** Keys that start with the prefix, in byte order, at most 1,000. */
  list(tenant: string, prefix: string): Promise<readonly string[]>;
};
