import { NodeResult } from '../../../contracts/node-result.ts';
import type { NodeResultStore } from '../../../ports/node-result-store.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** The results of nodes in a DynamoDB table. */
export const dynamoNodeResultStore = (table: DocumentTable): NodeResultStore => ({
  put: async (result) => table.put(runItemKey(result.tenant, result.run_id, sortKeys.node(result.node)), result),
  get: async (tenant, runId, node) => table.get(NodeResult, runItemKey(tenant, runId, sortKeys.node(node))),
});
