/** A node of a statement's tree: its class, and its parts by name. */
export type MysqlNode = { readonly kind: string; readonly parts: { readonly [part: string]: unknown } };

/** A value as a node, if it is one. */
export const mysqlNode = (value: unknown): MysqlNode | undefined => {
  if (typeof value !== 'object' || value === null || !('class' in value) || !('parts' in value)) return undefined;
  const { class: kind, parts } = value;
  if (typeof kind !== 'string' || typeof parts !== 'object' || parts === null) return undefined;
  return { kind, parts: { ...parts } };
};

/** The name that an identifier, or what wraps one, holds; empty where there is none. */
export const nameOf = (node: MysqlNode): string => {
  const held = node.parts['this'];
  if (typeof held === 'string') return held;
  const inner = mysqlNode(held);
  return inner === undefined ? '' : nameOf(inner);
};

/** A part that is a word. */
export const textOf = (part: unknown): string | undefined => (typeof part === 'string' ? part : undefined);
