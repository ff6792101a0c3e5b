import type { Actor } from '../contracts/actor.ts';
import type { Connection } from '../contracts/connection.ts';
import type { Page, PageRequest } from './page.ts';

/** Named connections. Their credentials are in the secret store. */
export type ConnectionStore = {
  /** Fails with CONFLICT where one has the name. */
  create(connection: Connection): Promise<void>;
  get(tenant: string, name: string): Promise<Connection | undefined>;
  /** By name. Fails with INVALID_REQUEST on a cursor it did not give. */
  list(tenant: string, page: PageRequest): Promise<Page<Connection>>;
  /** Says whether there is such a connection. */
  setTest(tenant: string, name: string, testRunId: string): Promise<boolean>;
  /** Gives a connection another secret and what goes with it, if it still has the secret `before`; says whether it had. */
  rotate(
    tenant: string,
    name: string,
    before: string,
    rotation: Pick<Connection, 'secret' | 'label'> & { readonly rotated_at: string; readonly rotated_by: Actor },
  ): Promise<boolean>;
  /** Deletes a connection that still has the secret; says whether there was such a one. */
  delete(tenant: string, name: string, secret: string): Promise<boolean>;
};
