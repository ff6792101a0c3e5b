import { LogEntry, LogLevel } from '../../contracts/log-entry.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument, storedJson } from '../stored-document.ts';
import { type Migration, openSqliteFile, type SqliteRow } from './sqlite-file.ts';

/** The history of the log's file; a step is only ever added. */
const logStoreMigrations: readonly Migration[] = [
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
 * The log in one SQLite file.
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

    async query(tenant, { run_id, level, since, q, limit, cursor }) {
      const [at, id] = cursor === undefined ? [] : positionOf(readListCursor('logs', tenant, cursor));
      const conditions: readonly (readonly [sql: string, ...values: readonly (string | number | undefined)[]])[] = [
        ['tenant = ?', tenant],
        ['run_id = ?', run_id],
        ['level >= ?', level === undefined ? undefined : LogLevel.options.indexOf(level)],
        ['at >= ?', since],
        // Lines of one moment come in the order in which they were written.
        ['(at, id) > (?, ?)', at, id],
        ['instr(lower(message || fields), lower(?)) > 0', q],
      ];
      const asked = conditions.filter(([, value]) => value !== undefined);
      const where = asked.map(([sql]) => sql).join(' and ');
      const values = asked.flatMap(([, ...given]) => given.map((value) => value ?? null));
      const rows = file.all(`select * from lines where ${where} order by at, id limit ?`, ...values, limit + 1);
      const page = rows.slice(0, limit);
      const items = page.map((row) => storedDocument(LogEntry, entryOf(row), path));
      const last = page.at(-1);
      return rows.length > limit && last !== undefined
        ? { items, next_cursor: listCursor('logs', tenant, position(last)) }
        : { items };
    },

    close: () => file.close(),
  };
};

/** Where a line stands, in letters that a cursor may have. */
const position = (row: SqliteRow): string => `${Date.parse(String(row['at']))}-${Number(row['id'])}`;

const positionOf = (text: string): readonly [at: string, id: number] => {
  const [at, id] = text.split('-');
  return [new Date(Number(at)).toISOString(), Number(id)];
};

const entryOf = (row: SqliteRow): unknown => ({
  ...(row['tenant'] === null ? {} : { tenant: row['tenant'] }),
  ...(row['run_id'] === null ? {} : { run_id: row['run_id'] }),
  at: row['at'],
  level: LogLevel.options[Number(row['level'])],
  message: row['message'],
  fields: storedJson(row['fields']),
});
