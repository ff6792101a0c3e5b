import type { TableOutcome, TableRef } from '../../src/contracts/table-ref.ts';
import type { Using } from '../../src/ports/port-access.ts';
import { keepOutcomes } from '../../src/use-cases/keep-outcomes.ts';
import { writeChunks } from '../../src/use-cases/table-chunks.ts';
import type { Ports } from '../../src/ports/ports.ts';

/** Tables as the executions of their chunks leave them: each one's error where it failed. Gives the chunks' ids. */
export const workedChunk = async (
  ports: Using<{ documents: 'write' }> & Pick<Ports, 'clock' | 'log'>,
  { tenant, run_id }: { readonly tenant: string; readonly run_id: string },
  works: readonly (TableRef & TableOutcome)[],
): Promise<readonly string[]> => {
  const tables = works.map(({ source, table }) => ({ source, table }));
  const chunks = await writeChunks(ports, tenant, run_id, 'made', tables);
  if (chunks.length > 1) throw new Error('This is for the tables of one chunk.');
  const outcomes = works.map(({ error, cause }): TableOutcome => (error === undefined ? {} : { error, cause }));
  for (const chunk of chunks) await keepOutcomes(ports, { tenant, run_id, chunk, outcomes });
  return chunks;
};
