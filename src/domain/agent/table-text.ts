import type { Findings } from '../../contracts/finding.ts';
import type { TableProfile } from '../../contracts/profile.ts';
import { detailLevels, digestTable } from '../profile-digest/digest-table.ts';
import { outputLimit } from './result-text.ts';

/** At most so much of the answer is findings, relationships and facts, so that the columns keep their room. */
const foundShare = 0.5;

/** One table as a model reads it: its profile, and what was found of it, as JSON of at most `outputLimit` characters. */
export const tableText = (source: string, profile: TableProfile, found: Findings | undefined): string => {
  const isHere = (at: { readonly source: string; readonly table?: string | undefined }): boolean =>
    at.source === source && at.table === profile.table;
  const parts = {
    findings: (found?.findings ?? []).filter(({ place }) => isHere(place)),
    keys: (found?.keys ?? []).filter(isHere),
    relationships: (found?.relationships ?? []).filter(
      (one) => one.source === source && (one.from.table === profile.table || one.to.table === profile.table),
    ),
    facts: (found?.facts ?? []).filter(isHere).map(({ text, evidence }) => ({ text, evidence })),
    not_looked_at: (found?.not_looked_at ?? []).filter(isHere),
  };
  const shown = Object.entries(parts).map(([name, all]) => [name, cut<unknown>(all, name)] as const);
  const notices = shown.flatMap(([, { notice }]) => notice ?? []);
  const rest = Object.fromEntries(shown.map(([name, { kept }]) => [name, kept]));
  for (const level of detailLevels) {
    const notice = [
      ...notices,
      ...(level.shows === undefined ? [] : [`To fit, it holds ${level.shows}. Measure what else you need with SQL.`]),
    ];
    const text = JSON.stringify({
      source,
      ...digestTable(profile, level),
      ...rest,
      ...(notice.length === 0 ? {} : { notice: notice.join(' ') }),
    });
    if (text.length <= outputLimit) return text;
  }
  const names = profile.columns.map(({ name }) => name);
  const some = cut(names, 'columns', outputLimit / 4);
  return JSON.stringify({
    source,
    table: profile.table,
    rows: profile.rows,
    ...rest,
    columns: some.kept,
    notice: [...notices, some.notice ?? 'Of the columns the names alone are shown.'].join(' '),
  });
};

/** The first of a list, as many as have room; each part of the answer has a share of it. */
const cut = <T>(
  all: readonly T[],
  name: string,
  room = (outputLimit * foundShare) / 5,
): { readonly kept: readonly T[]; readonly notice?: string } => {
  let size = 0;
  const kept = all.filter((one) => (size += JSON.stringify(one).length + 1) <= room);
  return kept.length === all.length
    ? { kept }
    : { kept, notice: `${all.length - kept.length} of ${all.length} ${name.replaceAll('_', ' ')} are left out.` };
};
