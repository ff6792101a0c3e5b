/** Fields of a log line. Never a credential, never a cell of a customer’s table. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a use case says what it did. `with` gives a log whose every line carries more fields (run, step, tenant, request). */
export type Log = {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  with(fields: LogFields): Log;
};
