/** A secret as a store lists it: never its value. */
export type SecretPlace = { readonly tenant: string; readonly name: string; readonly put_at: string };

/** Credentials by name, encrypted at rest. */
export type SecretStore = {
  put(tenant: string, name: string, value: string): Promise<void>;
  get(tenant: string, name: string): Promise<string | undefined>;
  /** All that are kept, of all tenants. */
  list(): Promise<readonly SecretPlace[]>;
  /** Deleting what is not there is no error. */
  delete(tenant: string, name: string): Promise<void>;
};
