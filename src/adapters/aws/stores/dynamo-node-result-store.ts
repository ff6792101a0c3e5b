import { NodeResult } from '../../../contracts/node-result.ts';
import type { NodeResultStore } from '../../../ports/node-result-store.ts';
import { documentAttributes } from './dynamo-document.ts';
import type { DocumentTable } from './dynamo-document-table.ts';
import { runItemKey, sortKeys } from './dynamo-table.ts';

/** The results of nodes in a DynamoDB table. */
export const dynamoNodeResultStore = (table: DocumentTable): NodeResultStore => ({
  async put(result) {
    const key = runItemKey(result.tenant, result.run_id, sortKeys.node(result.node));
    return table.items.putNew(
      { ...key, ...documentAttributes(key.sk, NodeResult, result) },
      {
        // Results from before carry no attempt: they are of the first.
        condition: 'attribute_not_exists(#document.attempt) or #document.attempt <= :attempt',
        names: { '#document': 'document' },
        values: { ':attempt': result.attempt },
      },
    );
  },

  get: async (tenant, runId, node) => table.get(NodeResult, runItemKey(tenant, runId, sortKeys.node(node))),
});
