/** Whether a statement names a relation, by the words in it: a column or a text of this name counts as well. */
export const namesRelation = (sql: string, relation: string): boolean =>
  new RegExp(`(?<![\\w$])${relation.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w$])`, 'i').test(sql);
