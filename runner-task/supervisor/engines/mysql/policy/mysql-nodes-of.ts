import { mysqlNode, type MysqlNode } from './mysql-tree.ts';

/** All nodes of a parsed statement. */
export const nodesOf = (tree: MysqlNode): readonly MysqlNode[] => {
  const found: MysqlNode[] = [];
  const left: unknown[] = [{ class: tree.kind, parts: tree.parts }];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) left.push(...value);
    const node = mysqlNode(value);
    if (node === undefined) continue;
    found.push(node);
    left.push(...Object.values(node.parts));
  }
  return found;
};
