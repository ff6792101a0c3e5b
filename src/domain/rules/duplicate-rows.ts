import { formatCount, formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { hasPrimaryKey } from './column-roles.ts';
import { exactList, extraRows } from './extra-rows.ts';
import { groupingThresholds, isTooLargeToGroup, unlessTooLarge } from './grouping-limit.ts';
import type { Rule } from './rule-card.ts';
import type { RuleTable } from './rule-table.ts';
import { percent, verb } from './say.ts';

/** Finds rows that are equal to another in every column. */
export const duplicateRows: Rule = {
  id: 'duplicate-rows',
  says: 'A row is equal to another one in every column, as when a load is run twice.',
  severity: { high: 'always' },
  thresholds: groupingThresholds,
  needs: 'a table without a primary key, of which the profile did not count that all rows are different',
  know: (table) => (isPossible(table) ? unlessTooLarge(table, 'rows that occur twice') : {}),
  ask: (table) => {
    if (!isPossible(table) || isTooLargeToGroup(table)) return [];
    const answer = aliases({ copies: 'coalesce(sum(n - 1), 0)' });
    const columns = exactList(table, table.columns);
    return [
      {
        about: 'rows that occur twice',
        sql: `select ${answer.list} from (select count(*) as n from ${table.from} group by ${columns} having count(*) > 1) twice`,
        read: ([row]) => {
          const rows = answer.read(row).number('copies');
          if (rows === 0) return {};
          const of = table.rows.count;
          return {
            findings: [
              {
                severity: 'high',
                columns: [],
                rows,
                of,
                title: `${table.table} holds rows twice`,
                detail: `${formatCountOf(rows, 'row')} of ${formatCount(of)} (${percent(rows, of)}) ${verb(rows, 'repeats', 'repeat')} an earlier one in every column, as when a load is run twice.`,
                advice: 'Make the load idempotent, and remove the copies.',
                check: extraRows(table, { kind: columns }),
              },
            ],
          };
        },
      },
    ];
  },
};

const isPossible = (table: RuleTable): boolean =>
  table.columns.length > 0 &&
  // SQLite lets a primary key be empty: where the profile has counted, that holds, whatever is declared.
  (table.duplicate_rows?.basis === 'exact' ? table.duplicate_rows.count > 0 : !hasPrimaryKey(table));
