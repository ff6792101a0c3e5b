import type { LogEntry, LogLevel } from '../contracts/log-entry.ts';

/** What to read from a log; `level` means that one and worse. */
export type LogQuery = {
  readonly run_id?: string;
  readonly level?: LogLevel;
  readonly since?: string;
  readonly q?: string;
  readonly limit: number;
};

/** Log lines that can be read again. */
export type LogStore = {
  append(entries: readonly LogEntry[]): void;
  /** Oldest first. */
  query(tenant: string, query: LogQuery): Promise<readonly LogEntry[]>;
};
