import type { AgentSession } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import { TableProfile } from '../contracts/profile.ts';
import { DatabaseSchema } from '../contracts/schema.ts';
import type { ToolInput } from '../contracts/tool.ts';
import { chooseSource } from '../domain/agent/choose-source.ts';
import type { ToolOutcome } from '../domain/agent/conversation.ts';
import { tableText } from '../domain/agent/table-text.ts';
import { nearest } from '../domain/nearest.ts';
import { maskTable } from '../domain/personal-data/mask-profile.ts';
import { personalColumnsOf } from '../domain/personal-data/personal-columns.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument, requireDocument } from './agent-documents.ts';
import { findRun } from './find-run.ts';
import { readFindings } from './read-findings.ts';

/** One table of the run as it was measured, and all that was found of it. Fails with TABLE_NOT_FOUND, with the names that may be meant. */
export const describeTable = async (
  ports: Using<{ runs: 'read'; documents: 'read' }>,
  { tenant, run_id }: AgentSession,
  { table, source: wanted }: ToolInput<'describe_table'>,
): Promise<ToolOutcome> => {
  const run = await findRun(ports, tenant, run_id);
  const source = chooseSource(run, wanted);
  const keys = runKeys(run_id);
  const profile = await readDocument(ports, tenant, keys.tableProfile(source, table), TableProfile);
  if (profile === undefined) {
    const { tables } = await requireDocument(ports, tenant, keys.schema(source), DatabaseSchema);
    const names = tables.map(({ name }) => name);
    if (names.includes(table))
      throw new Failure('TABLE_NOT_FOUND', `${table} could not be measured; the profile says why under "failed".`);
    const close = nearest(table, names)[0] ?? names.find((name) => name.toLowerCase() === table.toLowerCase());
    throw new Failure(
      'TABLE_NOT_FOUND',
      `There is no table ${JSON.stringify(table.slice(0, 120))} in ${source}.${close === undefined ? '' : ` Is ${JSON.stringify(close)} meant?`} The map in the profile names them all.`,
    );
  }
  const found = await readFindings(ports, run);
  const masked = maskTable(source, profile, personalColumnsOf(found?.findings));
  return { content: tableText(source, masked, found), is_error: false };
};
