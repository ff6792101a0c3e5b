import { describe, expect, it } from 'vitest';
import { findingKey } from '../../../src/domain/finding/finding-key.ts';
import { tablesOfEveryType } from '../../support/tables-of-every-type.ts';
import { findingsAbout, plainColumns, suspiciousTables } from './suspicious-table.ts';

describe.each(['duckdb', 'postgres', 'mysql'] as const)('On %s', (engine) => {
  it.each([
    ['of every type', tablesOfEveryType[engine].columns],
    ['called so that every rule has something to ask', plainColumns[engine]],
  ])('no two findings have one key where everything is wrong with columns %s', (_, columns) => {
    for (const keys of ['keys', 'groups'] as const) {
      const found = findingsAbout(engine, suspiciousTables(engine, columns, keys)).map(({ table, finding }) =>
        findingKey(finding.rule, {
          source: 'main',
          table,
          columns: finding.columns,
          ...(finding.part === undefined ? {} : { part: finding.part }),
        }),
      );
      expect(found.length).toBeGreaterThan(30);
      expect(found.filter((key, at) => found.indexOf(key) !== at)).toEqual([]);
    }
  });
});
