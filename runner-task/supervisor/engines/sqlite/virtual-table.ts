import { lookUp } from '../../../../src/contracts/look-up.ts';
import { keywordOf, sqlTokens } from './policy/sql-tokens.ts';
import { foldAscii } from '../fold-ascii.ts';

/** A virtual table as it is declared: its name, its module, and the tables in which the module keeps its data. */
export type VirtualTable = { readonly name: string; readonly module: string; readonly parts: readonly string[] };

const fts3 = ['content', 'segments', 'segdir', 'docsize', 'stat'];
const rtree = ['node', 'parent', 'rowid'];

/** The endings of the tables that a module makes. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  fts3,
  fts4: fts3,
  fts5: ['data', 'idx', 'content', 'docsize', 'config'],
  rtree,
  rtree_i32: rtree,
  geopoly: rtree,
};

/** Reads a declaration; undefined where it is not that of a virtual table. */
export const readVirtualTable = (sql: string): VirtualTable | undefined => {
  const tokens = sqlTokens(sql);
  if (keywordOf(tokens[0]) !== 'CREATE' || keywordOf(tokens[1]) !== 'VIRTUAL') return undefined;
  const using = tokens.findIndex((token) => keywordOf(token) === 'USING');
  const name = tokens[using - 1]?.text ?? '';
  const module = foldAscii(tokens[using + 1]?.text ?? 'unknown');
  // With content=… the texts are in a table of the user's own, or nowhere.
  const isElsewhere = tokens.some(
    ({ text }, at) => foldAscii(text) === 'content' && tokens[at + 1]?.text === '=' && at > using,
  );
  const endings = (lookUp(partsOf, module) ?? []).filter((ending) => !(isElsewhere && ending === 'content'));
  return { name, module, parts: endings.map((ending) => `${name}_${ending}`) };
};
