/** Credentials by name, encrypted at rest. */
export type SecretStore = {
  put(tenant: string, name: string, value: string): Promise<void>;
  get(tenant: string, name: string): Promise<string | undefined>;
  /** Deleting what is not there is no error. */
  delete(tenant: string, name: string): Promise<void>;
};
