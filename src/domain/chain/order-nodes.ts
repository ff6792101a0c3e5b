import type { Chain, ChainNode } from '../../contracts/chain.ts';
import { Failure } from '../../contracts/failure.ts';

/**
 * The nodes of a chain in an order in which each comes after all that it needs; nodes that are free to choose keep the
 * order they are written in. Fails with INVALID_REQUEST on a doubled id, an unknown one, or a circle.
 */
export const orderNodes = (chain: Chain): readonly ChainNode[] => {
  const known = new Set<string>();
  for (const node of chain.nodes) {
    if (known.has(node.id)) throw fault(chain, node.id, `two nodes are called "${node.id}"; give each its own id`);
    known.add(node.id);
  }
  for (const node of chain.nodes) {
    for (const needed of node.after) {
      if (!known.has(needed)) throw fault(chain, node.id, `it comes after "${needed}", which is no node of this chain`);
    }
  }

  const ordered: ChainNode[] = [];
  const placed = new Set<string>();
  while (ordered.length < chain.nodes.length) {
    const next = chain.nodes.find((node) => !placed.has(node.id) && node.after.every((id) => placed.has(id)));
    if (next === undefined) {
      const waiting = chain.nodes.filter((node) => !placed.has(node.id)).map((node) => node.id);
      throw fault(chain, waiting.join(', '), 'these nodes wait for each other in a circle; remove one "after"');
    }
    ordered.push(next);
    placed.add(next.id);
  }
  return ordered;
};

const fault = (chain: Chain, node: string, what: string): Failure =>
  new Failure('INVALID_REQUEST', `Chain "${chain.name}", node "${node}": ${what}.`, { where: `nodes.${node}` });
