import type { Page } from './page.ts';
import type { LogEntry, LogLevel } from '../contracts/log-entry.ts';

/** What to read from a log; `level` means that one and worse. */
export type LogQuery = {
  readonly run_id?: string;
  readonly level?: LogLevel;
  readonly since?: string;
  readonly q?: string;
  readonly limit: number;
  /** As a page before it gave it. */
  readonly cursor?: string;
};

/** Log lines that can be read again. */
export type LogStore = {
  append(entries: readonly LogEntry[]): void;
  /** Oldest first. Fails with INVALID_REQUEST on a cursor it did not give. */
  query(tenant: string, query: LogQuery): Promise<Page<LogEntry>>;
};
