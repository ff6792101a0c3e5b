import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import { type LogEntry, LogLevel } from '../contracts/log-entry.ts';
import { Tenant } from '../contracts/common.ts';
import type { Log, LogFields } from '../ports/log.ts';

/** How a log is made. */
export type PowertoolsLogOptions = {
  /** The field `service` of every line. */
  readonly service: string;
  /** Lines of this level and worse are said. */
  readonly level: LogLevel;
  /** Fields of every line. */
  readonly fields?: LogFields;
  /** Receives every line as a value too, to be kept where it can be read again. */
  readonly sink?: (entry: LogEntry) => void;
  /** Prints nothing, so that a progress display is not torn; the sink hears everything all the same. */
  readonly quiet?: boolean;
};

/**
 * JSON lines on stdout (warnings and errors on stderr) by Powertools, and the same lines to a sink. An error among the
 * fields is told with its name, message, kind, place, stack and cause. Reserved names, dropped by Powertools with a warning:
 * level, message, timestamp, service, sampling_rate.
 */
export const powertoolsLog = (options: PowertoolsLogOptions): Log => {
  const { service, level: threshold, fields = {}, sink, quiet = false } = options;
  const logger = new Logger({
    serviceName: service,
    logLevel: quiet ? 'SILENT' : threshold,
    logFormatter: new FlatFormatter(),
  });

  const logWith = (carried: LogFields): Log => {
    const say = (level: LogLevel, message: string, more: LogFields = {}): void => {
      if (rank(level) < rank(threshold)) return;
      const line = plainFields({ ...carried, ...more });
      print(logger, level, message, line);
      sink?.(logEntry(level, message, line));
    };
    return {
      debug: (message, more) => say('DEBUG', message, more),
      info: (message, more) => say('INFO', message, more),
      warn: (message, more) => say('WARN', message, more),
      error: (message, more) => say('ERROR', message, more),
      with: (more) => logWith({ ...carried, ...more }),
    };
  };
  return logWith(fields);
};

const rank = (level: LogLevel): number => LogLevel.options.indexOf(level);

const print = (logger: Logger, level: LogLevel, message: string, fields: Record<string, unknown>): void => {
  switch (level) {
    case 'DEBUG':
      return logger.debug(message, fields);
    case 'INFO':
      return logger.info(message, fields);
    case 'WARN':
      return logger.warn(message, fields);
    case 'ERROR':
      return logger.error(message, fields);
  }
};

const logEntry = (level: LogLevel, message: string, fields: Record<string, unknown>): LogEntry => {
  const { tenant, run_id, ...others } = fields;
  const known = Tenant.safeParse(tenant);
  return {
    ...(known.success ? { tenant: known.data } : {}),
    ...(typeof run_id === 'string' ? { run_id } : {}),
    at: new Date().toISOString(),
    level,
    message,
    fields: others,
  };
};

/** The fields as plain data, once for both outputs. A line that cannot be made plain (a circle in it) says so instead of throwing. */
const plainFields = (fields: LogFields): Record<string, unknown> => {
  try {
    return JSON.parse(JSON.stringify(fields, plainValue)) as Record<string, unknown>;
  } catch (thrown) {
    return { fields_lost: thrown instanceof Error ? thrown.message : String(thrown) };
  }
};

const plainValue = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  // kind, where, code … are own properties; name, message, stack and cause are not enumerable and have to be asked for.
  return { name, message, ...Object.fromEntries(Object.entries(value)), stack, cause };
};

/** Powertools’ line without its empty Lambda fields, in UTC whatever TZ says, fields beside the message. */
class FlatFormatter extends LogFormatter {
  override formatAttributes(
    attributes: Parameters<LogFormatter['formatAttributes']>[0],
    additional: Parameters<LogFormatter['formatAttributes']>[1],
  ): LogItem {
    const { logLevel, message, timestamp, serviceName, xRayTraceId } = attributes;
    const base = { level: logLevel, message, timestamp: timestamp.toISOString(), service: serviceName };
    return new LogItem({ attributes: { ...base, ...additional, xray_trace_id: xRayTraceId } });
  }
}
