import { LogEntry, LogLevel } from '../../contracts/log-entry.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import { type Migration, openSqliteFile, type SqliteRow } from './sqlite-file.ts';

/** The history of the log's file; a step is only ever added. */
export const logStoreMigrations: readonly Migration[] = [
  {
    name: 'lines, found by tenant and by run',
    sql: `
      create table lines (
        id integer primary key, tenant text, run_id text, at text not null, level integer not null,
        message text not null, fields text not null
      ) strict;
      create index lines_of_tenant on lines (tenant, at, id);
      create index lines_of_run on lines (tenant, run_id, at, id);`,
  },
];

/**
 * The log in one SQLite file. A query gives the newest lines that match, oldest of them first.
 *
 * Lines are written as they come (0.2 ms each on a busy machine), so that those before a crash are there to be read. A line that cannot
 * be written is told once as a process warning and fails nothing: no run should end because its log has no room.
 */
export const openSqliteLogStore = (path: string): LogStore & { close(): void } => {
  const file = openSqliteFile(path, logStoreMigrations);
  let told = false;

  const insert = (entry: LogEntry): void => {
    file.run(
      'insert into lines (tenant, run_id, at, level, message, fields) values (?, ?, ?, ?, ?, ?)',
      entry.tenant ?? null,
      entry.run_id ?? null,
      entry.at,
      LogLevel.options.indexOf(entry.level),
      entry.message,
      JSON.stringify(entry.fields),
    );
  };

  return {
    append(entries) {
      try {
        file.transaction(() => entries.forEach(insert));
      } catch (thrown) {
        if (!told) process.emitWarning(`Log lines are being lost. ${thrown instanceof Error ? thrown.message : ''}`);
        told = true;
      }
    },

    async query(tenant, { run_id, level, since, q, limit }) {
      const conditions: readonly (readonly [sql: string, value: string | number | undefined])[] = [
        ['tenant = ?', tenant],
        ['run_id = ?', run_id],
        ['level >= ?', level === undefined ? undefined : LogLevel.options.indexOf(level)],
        ['at >= ?', since],
        ['instr(lower(message || fields), lower(?)) > 0', q],
      ];
      const asked = conditions.filter(([, value]) => value !== undefined);
      const where = asked.map(([sql]) => sql).join(' and ');
      const values = asked.map(([, value]) => value ?? null);
      return file
        .all(`select * from lines where ${where} order by at desc, id desc limit ?`, ...values, limit)
        .map((row) => storedDocument(LogEntry, entryOf(row), path))
        .toReversed();
    },

    close: () => file.close(),
  };
};

const entryOf = (row: SqliteRow): unknown => ({
  ...(row['tenant'] === null ? {} : { tenant: row['tenant'] }),
  ...(row['run_id'] === null ? {} : { run_id: row['run_id'] }),
  at: row['at'],
  level: LogLevel.options[Number(row['level'])],
  message: row['message'],
  fields: storedJson(row['fields']),
});
