import { Findings } from '../../src/contracts/finding.ts';
import type { RunProfile } from '../../src/contracts/profile.ts';
import { outlineTables } from '../../src/domain/rules/outline-tables.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import { checkTable } from '../../src/use-cases/check-table.ts';
import { collectFindings } from '../../src/use-cases/collect-findings.ts';
import { type LoopBench, tenant } from './agent-loop.ts';
import { workedChunk } from './worked-chunk.ts';

/** Lets the rules look at every table of a profile, as the states behind `collect-profile` do: what they found. */
export const checkTables = async ({ ports, run }: LoopBench, { databases }: RunProfile): Promise<Findings> => {
  const keys = runKeys(run.run_id);
  const put = (key: string, value: unknown) =>
    ports.documents.put(tenant, key, JSON.stringify(value), 'application/json');
  const ids = { tenant, run_id: run.run_id, node: 'profile' };
  const checked: { source: string; table: string }[] = [];
  for (const { source, engine, engine_version, tables } of databases) {
    await put(keys.schema(source), { engine, engine_version, tables: tables.map(({ schema }) => schema) });
    await put(keys.outlines(source), outlineTables(tables));
    for (const profile of tables) {
      await put(keys.tableProfile(source, profile.table), profile);
      await checkTable(ports, { ...ids, source, table: profile.table });
      checked.push({ source, table: profile.table });
    }
  }
  await collectFindings(ports, { ...ids, chunks: await workedChunk(ports, ids, checked) });
  return Findings.parse(JSON.parse(new TextDecoder().decode(await ports.documents.get(tenant, keys.findings))));
};
