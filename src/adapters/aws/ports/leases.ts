import { dynamoLeaseStore } from '../stores/dynamo-lease-store.ts';
import { stored } from './stored.ts';

/** Leases of sandboxes. */
export const leases = stored(dynamoLeaseStore);
