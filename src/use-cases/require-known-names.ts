import { Failure } from '../contracts/failure.ts';
import type { Findings } from '../contracts/finding.ts';
import type { FindingChanges } from '../contracts/finding-change.ts';
import { RunProfile } from '../contracts/profile.ts';
import type { Run } from '../contracts/run.ts';
import { nearest } from '../domain/nearest.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { Using } from '../ports/port-access.ts';
import { readDocument } from './agent-documents.ts';

/** What a list of findings may be narrowed to by name. */
export type NameFilter = Readonly<Partial<Record<'rule' | 'source' | 'table', string | undefined>>>;

/**
 * Fails with INVALID_REQUEST on a rule, source or table that neither the run nor those that it was compared with know: an
 * empty list would say that nothing is wrong there.
 */
export const requireKnownNames = async (
  ports: Using<{ documents: 'read' }>,
  run: Run,
  found: Findings,
  { changes }: FindingChanges,
  { rule, source, table }: NameFilter,
): Promise<void> => {
  const all = [...found.findings, ...changes.flatMap(({ earlier }) => earlier ?? [])];
  requireName('rule', rule, [...found.rules, ...all.map((finding) => finding.rule)]);
  requireName('source', source, [...run.sources.map(({ name }) => name), ...all.map(({ place }) => place.source)]);
  if (table === undefined) return;
  const profile = await readDocument(ports, run.tenant, runKeys(run.run_id).profile, RunProfile);
  const isOfSource = (one: { readonly source: string }): boolean => source === undefined || one.source === source;
  requireName('table', table, [
    ...(profile?.databases ?? []).filter(isOfSource).flatMap((one) => one.tables.map((measured) => measured.table)),
    ...found.not_looked_at.filter(isOfSource).flatMap((one) => one.table ?? []),
    ...all
      .map(({ place }) => place)
      .filter(isOfSource)
      .map((place) => place.table),
  ]);
};

const requireName = (what: keyof NameFilter, name: string | undefined, known: readonly string[]): void => {
  if (name === undefined || known.includes(name)) return;
  const [likely] = nearest(name, [...new Set(known)]);
  throw new Failure(
    'INVALID_REQUEST',
    `The run knows no ${what} "${name}".${likely === undefined ? '' : ` Did you mean ${likely}?`}`,
    { where: what },
  );
};
