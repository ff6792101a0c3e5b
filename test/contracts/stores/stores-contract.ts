import { describe } from 'vitest';
import type { Stores } from '../../../src/ports/stores.ts';
import { describeApiKeysContract } from './api-keys-contract.ts';
import { describeConnectionsContract } from './connections-contract.ts';
import { describeDeliveriesContract } from './deliveries-contract.ts';
import { describeEvidenceContract } from './evidence-contract.ts';
import { describeIdempotencyKeysContract } from './idempotency-keys-contract.ts';
import { describeLeasesContract } from './leases-contract.ts';
import { describeNodeResultsContract } from './node-results-contract.ts';
import { describeReadableContract } from './readable-contract.ts';
import { describeRequestCountsContract } from './request-counts-contract.ts';
import { describeRunsContract } from './runs-contract.ts';
import { describeSchedulesContract } from './schedules-contract.ts';
import { describeSessionsContract } from './sessions-contract.ts';
import { describeStepsContract } from './steps-contract.ts';
import { describeTenantsContract } from './tenants-contract.ts';
import { describeWebhooksContract } from './webhooks-contract.ts';

/** What all stores do. They may hold other things; each test uses tenants of its own. `spoilt` documents are tried for each kind of write. */
export const describeStoresContract = (
  name: string,
  makeSubject: () => Stores | Promise<Stores>,
  spoilt = 60,
): void => {
  describe(`${name} as stores`, () => {
    describeRunsContract(makeSubject);
    describeSessionsContract(makeSubject);
    describeNodeResultsContract(makeSubject);
    describeEvidenceContract(makeSubject);
    describeStepsContract(makeSubject);
    describeLeasesContract(makeSubject);
    describeConnectionsContract(makeSubject);
    describeSchedulesContract(makeSubject);
    describeWebhooksContract(makeSubject);
    describeDeliveriesContract(makeSubject);
    describeIdempotencyKeysContract(makeSubject);
    describeRequestCountsContract(makeSubject);
    describeApiKeysContract(makeSubject);
    describeTenantsContract(makeSubject);
    if (spoilt > 0) describeReadableContract(makeSubject, spoilt);
  });
};
