import { describe, expect, it } from 'vitest';
import { databaseOf } from '../../support/flawed-database.ts';
import { keysAndRows } from '../../support/run-rules.ts';

describe('Keys that several tables have by the same name', () => {
  it('are looked at in each of them: one is no pointer at another', async () => {
    const table = (name: string, start: number): string =>
      `create table ${name} as select i as id, '${name}-' || (i + ${start}) as entry_code, i % 7 as level from range(300) t(i)`;
    const { run, close } = await databaseOf([
      table('inputs', 1_000),
      table('outputs', 5_000),
      "update outputs set entry_code = 'outputs-5000' where id in (1, 2)",
    ]);
    close();
    expect(keysAndRows(run)).toEqual({ 'duplicate-key/main/outputs/entry_code': 2 });
  });
});
