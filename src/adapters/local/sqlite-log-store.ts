import { LogEntry, LogLevel } from '../../contracts/log-entry.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { listCursor, readListCursor } from '../../domain/list-cursor.ts';
import { storedDocument, storedJson } from '../../contracts/stored-document.ts';
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

/** What of a log is kept: what is older goes, and the oldest where there is more. */
export type LogRetention = { readonly days: number; readonly bytes: number };

/** As long as the log groups on AWS keep theirs; a survey of a hundred tables writes some 300 lines of 500 bytes. */
const usual: LogRetention = { days: 90, bytes: 64 * 1024 * 1024 };

/** Looked at after so many lines, and of those that are too many so many go at once: always more than have come. */
const linesBetweenLooks = 200;
const linesAtOnce = 1_000;

/** A line with more than this is kept without its fields. */
const maxFieldBytes = 64 * 1024;

const dayMilliseconds = 86_400_000;

/**
 * The log in one SQLite file.
 *
 * Lines are written as they come (0.2 ms each on a busy machine), so that those before a crash are there to be read. Fails with
 * STORAGE_FAILED where a line cannot be written, or the file not be opened; a full disk is no reason not to open it.
 */
export const openSqliteLogStore = (path: string, retention: LogRetention = usual): LogStore & { close(): void } => {
  const file = openSqliteFile(path, logStoreMigrations);
  let appended = 0;

  /** Ids go up with time: the oldest lines have the lowest. */
  const removeOldest = (where: string, ...values: readonly string[]): number =>
    file.run(
      `delete from lines where id in (select id from lines order by id limit ${linesAtOnce}) ${where}`,
      ...values,
    );
  const usedBytes = (): number => {
    const row = file.get(
      'select (page_count - freelist_count) * page_size as used from pragma_page_count, pragma_freelist_count, pragma_page_size',
    );
    return Number(row?.['used']);
  };
  const removeOld = (): void => {
    const since = new Date(Date.now() - retention.days * dayMilliseconds).toISOString();
    while (removeOldest('and at < ?', since) === linesAtOnce);
    while (usedBytes() > retention.bytes && removeOldest('') > 0);
  };

  const insert = (given: LogEntry): void => {
    const entry = readableEntry(given);
    file.run(
      'insert into lines (tenant, run_id, at, level, message, fields) values (?, ?, ?, ?, ?, ?)',
      entry.tenant ?? null,
      entry.run_id ?? null,
      entry.at,
      LogLevel.options.indexOf(entry.level),
      entry.message,
      fieldsText(entry),
    );
  };
  try {
    removeOld();
  } catch {
    // On a full disk there is no room to delete: what is there can be read all the same.
  }

  return {
    append(entries) {
      file.transaction(() => entries.forEach(insert));
      appended += entries.length;
      if (appended < linesBetweenLooks) return;
      appended = 0;
      removeOld();
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

/** A line that its readers will take: what is wrong in one hides no others. */
const readableEntry = (entry: LogEntry): LogEntry => {
  if (LogEntry.safeParse(entry).success) return entry;
  const { tenant, level } = LogEntry.partial().catch({}).parse({ tenant: entry.tenant, level: entry.level });
  return {
    ...(tenant === undefined ? {} : { tenant }),
    at: new Date().toISOString(),
    level: level ?? 'WARN',
    message: 'a line of the log was none',
    fields: { was: JSON.stringify(entry).slice(0, 1_000) },
  };
};

const fieldsText = ({ fields }: LogEntry): string => {
  const text = JSON.stringify(fields);
  const bytes = Buffer.byteLength(text);
  return bytes <= maxFieldBytes ? text : JSON.stringify({ fields_lost: `They had ${bytes} bytes.` });
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
