import type { NodeResult } from '../contracts/node-result.ts';

/** What the nodes of runs came to, the last result of each. */
export type NodeResultStore = {
  /** Replaces the result of the same attempt or an earlier one; says whether there was none of a later one. */
  put(result: NodeResult): Promise<boolean>;
  get(tenant: string, runId: string, node: string): Promise<NodeResult | undefined>;
};
