import type { RequestCountStore } from '../../../ports/request-count-store.ts';
import { windowEnd } from '../../window-end.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { expiryOf, windowKey } from './dynamo-table.ts';

/** Counted requests in a DynamoDB table, which deletes them some time after their window is over. */
export const dynamoRequestCountStore = ({ items }: DocumentTable): RequestCountStore => ({
  count: async (keyHash, window) => items.count(windowKey(keyHash, window), 'count', expiryOf(windowEnd(window))),
});
