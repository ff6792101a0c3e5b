import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { writeDocument } from './agent-documents.ts';
import { TableOutcomes } from './table-chunks.ts';

/** Keeps what became of the tables of one chunk, in their order: the payloads of a run have no room for all of it. */
export const keepOutcomes = async (
  ports: PortsOf<'keep-outcomes'>,
  { tenant, run_id, chunk, outcomes }: TaskInput<'keep-outcomes'>,
): Promise<TaskOutput<'keep-outcomes'>> => {
  await writeDocument(ports, tenant, runKeys(run_id).outcomes(chunk), TableOutcomes, outcomes);
  return { tables: outcomes.length, failed: outcomes.filter(({ error }) => error !== undefined).length };
};
