import type { NodeResult } from '../contracts/node-result.ts';

/** What the nodes of runs came to, the last result of each. */
export type NodeResultStore = {
  put(result: NodeResult): Promise<void>;
  get(tenant: string, runId: string, node: string): Promise<NodeResult | undefined>;
};
