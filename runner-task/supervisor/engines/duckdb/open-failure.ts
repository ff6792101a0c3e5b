import { version } from '@duckdb/node-api';
import { Failure } from '../../../../src/contracts/failure.ts';

const unreachable = (message: string): Failure => new Failure('DATABASE_UNREACHABLE', message);

/** What the message of DuckDB tells of a file's storage version, and of those that it reads. */
const versionsOf = (
  reason: string,
): { readonly file: number; readonly from: number; readonly to: number } | undefined => {
  const [, file, from, to = from] =
    /version number (\d+), but we can only read versions? (?:between )?(\d+)(?: and (\d+))?/i.exec(reason) ?? [];
  return file === undefined || from === undefined
    ? undefined
    : { file: Number(file), from: Number(from), to: Number(to) };
};

const versionFailure = (path: string, reason: string): Failure | undefined => {
  const versions = versionsOf(reason);
  if (versions === undefined) return undefined;
  const [, writer] = /created with (DuckDB version [^\n]*?)\.?(?:\n|$)/i.exec(reason) ?? [];
  const { file, from, to } = versions;
  const told = `storage version ${file}${writer === undefined ? '' : `, of ${writer}`}`;
  const reads = `this one (${version()}) reads ${from} to ${to}`;
  return file < from
    ? unreachable(
        `${path} was written by an older DuckDB (${told}), and ${reads}. Open it with that version, write it out with EXPORT DATABASE 'folder' (FORMAT parquet), and survey the folder: file:///…/folder`,
      )
    : unreachable(
        `${path} was written by a newer DuckDB (${told}), and ${reads}. Write it for older ones with the version that wrote it: ATTACH 'copy.duckdb' AS copy (STORAGE_VERSION 'v1.5.0'); COPY FROM DATABASE … TO copy.`,
      );
};

/** Why DuckDB does not open a file, and what to do. */
export const openFailure = (path: string, error: unknown): Failure => {
  const reason = error instanceof Error ? error.message : String(error);
  if (/Could not set lock|Conflicting lock/i.test(reason))
    return unreachable(
      `${path} is locked: another process has it open for writing. Close that process, or survey a copy of the file. (${reason})`,
    );
  if (/Could not read enough bytes/i.test(reason))
    return unreachable(
      `${path} is cut short: DuckDB looked for bytes beyond its end. Copy it again when nobody writes to it, with the .wal file beside it. (${reason})`,
    );
  return versionFailure(path, reason) ?? unreachable(`${path} cannot be opened: ${reason}`);
};
