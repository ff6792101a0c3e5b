import { formatCount, formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { hasPrimaryKey, isDeclaredKey, keyColumns, mainKey } from './column-roles.ts';
import { extraRows } from './extra-rows.ts';
import { findReferences, isCalledAfter } from './references.ts';
import type { Ask, Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { verb } from './say.ts';

const thresholds = {
  maxShare: { value: 0.1, unit: 'of the filled rows', why: 'Where more repeat, the column is not meant to be a key.' },
} as const;

/** Finds identifiers that two rows share, and tells the keys of a table. */
export const duplicateKey: Rule = {
  id: 'duplicate-key',
  says: 'An identifier that tells nearly all rows apart occurs more than once.',
  severity: { high: 'no primary key is declared', medium: 'another key is declared' },
  thresholds,
  needs:
    'identifiers, by name or declaration, of which at least nine in ten values are different, and that the database does not keep unique itself',
  know: (table) => ({
    keys: table.constraints.flatMap(({ kind, columns }) =>
      kind === 'foreign_key' || columns.length === 0 ? [] : [{ columns, basis: kind }],
    ),
  }),
  ask: (table) => {
    const main = mainKey(table);
    // What points at another table may do so twice. A key that other tables have by the same name is no such pointer.
    const pointing = new Set(
      findReferences(table).found.flatMap(({ columns, to, isDeclared }) =>
        columns.flatMap(({ name }) => (isDeclared || isCalledAfter(name, to.table) ? [name] : [])),
      ),
    );
    return keyColumns(table)
      .filter((key) => !isDeclaredKey(table, [key.name]) && (key === main || !pointing.has(key.name)))
      .map((key) => whetherKey(table, key));
  },
};

const whetherKey = (table: RuleTable, { name }: RuleColumn): Ask => {
  const value = table.sql.name(name);
  const answer = aliases({ n: 'count(*)', filled: `count(${value})`, kinds: `count(distinct ${value})` });
  return {
    about: `whether ${name} is a key`,
    sql: `select ${answer.list} from ${table.from}`,
    read: ([row]) => {
      const cells = answer.read(row);
      const [n, filled] = [cells.number('n'), cells.number('filled')];
      const repeated = filled - cells.number('kinds');
      if (repeated === 0) {
        return filled === n
          ? {
              facts: [`${name} is a key: every row has one, and none occurs twice.`],
              keys: [{ columns: [name], basis: 'measured' }],
            }
          : {
              facts: [
                `${name} occurs at most once, but ${formatCountOf(n - filled, 'row')} ${verb(n - filled, 'has', 'have')} none.`,
              ],
            };
      }
      if (repeated > thresholds.maxShare.value * filled) return {};
      return {
        findings: [
          {
            severity: hasPrimaryKey(table) ? 'medium' : 'high',
            columns: [name],
            rows: repeated,
            of: filled,
            title: `${name} occurs more than once`,
            detail: `${formatCountOf(repeated, 'row')} of ${formatCount(filled)} ${verb(repeated, 'repeats', 'repeat')} the ${name} of another row. A join on it multiplies rows, and sums count them twice.`,
            advice: 'Remove the repetitions, and declare the key.',
            check: extraRows(table, { kind: value, where: `${value} is not null` }),
          },
        ],
      };
    },
  };
};
