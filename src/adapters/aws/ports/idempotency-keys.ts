import { dynamoIdempotencyKeyStore } from '../stores/dynamo-idempotency-key-store.ts';
import { stored } from './stored.ts';

/** Idempotency keys of clients. */
export const idempotencyKeys = stored(dynamoIdempotencyKeyStore);
