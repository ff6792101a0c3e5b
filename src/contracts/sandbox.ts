import * as z from 'zod';
import { Name, Tenant } from './common.ts';
import { FailureReport } from './failure-report.ts';
import { Evidence } from './evidence.ts';
import { FileEngine, ServerEngine, type SourceKind } from './engine.ts';
import { DatabaseSchema, LeftOut } from './schema.ts';

/**
 * What is said to a sandbox's supervisor: one JSON document per request, `POST /{operation}` with the lease's bearer
 * token, answered by one JSON document. A failure is answered with the failure table's status and a `FailureReport`.
 */

/** Who holds a sandbox: one run, or a conversation for the runs of all its questions. */
export const LeaseHolder = z.strictObject({
  kind: z.enum(['run', 'conversation']),
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, '1 to 64 letters, digits and hyphens'),
});
export type LeaseHolder = z.infer<typeof LeaseHolder>;

/** A run as the holder of a sandbox. */
export const heldByRun = (runId: string): LeaseHolder => ({ kind: 'run', id: runId });

/** A lease from before a conversation could hold one. */
const withHolder = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null || !('run_id' in stored)) return stored;
  const { run_id, ...lease } = stored;
  return { ...lease, holder: { kind: 'run', id: run_id } };
};

/** The right to use one sandbox. `token` is a secret of the lease's life. */
export const Lease = z.preprocess(
  withHolder,
  z.strictObject({
    tenant: Tenant,
    holder: LeaseHolder,
    lease_id: z.string(),
    attempt: z.int().positive().default(1).describe('The attempt of the run that holds it; 1 for a conversation'),
    address: z.string().describe('Where the supervisor listens: a URL, or the path of a Unix socket'),
    token: z.string().min(32),
  }),
);
export type Lease = z.infer<typeof Lease>;

/**
 * How a connection is encrypted, in libpq's words: `prefer` takes what the server offers, `require` encrypts without
 * looking at the certificate, `verify-ca` checks who signed it, `verify-full` also that it names the host.
 */
export const TlsMode = z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']);
export type TlsMode = z.infer<typeof TlsMode>;

/** A database on a server, and the role that reads in it. */
export const ServerTarget = z.strictObject({
  engine: ServerEngine,
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string(),
  tls: TlsMode,
  ca: z.string().optional().describe('Certificates of who may sign the server’s, as PEM; the system’s own when absent'),
  channel_binding: z
    .literal('require')
    .optional()
    .describe('Whether a login is refused that is not bound to the TLS channel it is made through'),
  writable_role: z
    .enum(['refuse', 'accept'])
    .describe('Whether a role that can write is let through; that it was is shown in the report'),
});
export type ServerTarget = z.infer<typeof ServerTarget>;

/** A database that is a file, or data files, where the sandbox runs. */
export const FileTarget = z.strictObject({
  engine: z.enum([...FileEngine.options, 'files']),
  path: z.string().describe('Absolute path of the database file; of `files`, of a folder of data files or of one'),
});
export type FileTarget = z.infer<typeof FileTarget>;

/** A data file in a bucket, and a link that reads it for some minutes: who has the link needs no credential. */
export const LinkedObject = z.strictObject({
  name: z.string().min(1).max(128).describe('As a file, which names a table'),
  bytes: z.int().nonnegative(),
  url: z.string(),
});
export type LinkedObject = z.infer<typeof LinkedObject>;

/** Data files in a bucket. The sandbox fetches them, and opens what it has then. */
export const ObjectsTarget = z.strictObject({
  engine: z.literal('objects'),
  bucket: z.string(),
  prefix: z.string().describe('Of a folder of data files, or the key of one; empty for the whole bucket'),
  objects: z.array(LinkedObject).readonly().describe('What is there, listed when the source is opened; none before'),
  left_out: z.array(LeftOut).readonly().optional().describe('What is there and is not surveyed'),
});
export type ObjectsTarget = z.infer<typeof ObjectsTarget>;

/** A database that is opened where it is. */
export type PlacedTarget = ServerTarget | FileTarget;

/** The kinds of sources that are opened where they are. */
export type PlacedKind = Exclude<SourceKind, 'objects'>;

/** The database that a sandbox opens. It holds the credential, so it is sent once, to `open`, and kept nowhere else. */
export const DatabaseTarget = z.discriminatedUnion('engine', [ServerTarget, FileTarget, ObjectsTarget]);
export type DatabaseTarget = z.infer<typeof DatabaseTarget>;

/** The target of one kind of source. */
export type TargetOf<K extends SourceKind> = K extends ServerEngine
  ? ServerTarget & { readonly engine: K }
  : K extends 'objects'
    ? ObjectsTarget
    : FileTarget & { readonly engine: K };

/** Limits of one statement. */
export const StatementLimits = z.strictObject({
  rows: z.int().positive().max(1_000_000),
  bytes: z
    .int()
    .positive()
    .max(256 * 1024 * 1024),
  seconds: z.number().positive().max(3_600),
});
export type StatementLimits = z.infer<typeof StatementLimits>;

/** A value in a result: times, decimals, big integers and blobs as text. NaN and infinities as text too. */
export const ResultValue = z.union([z.null(), z.boolean(), z.number(), z.string()]);
export type ResultValue = z.infer<typeof ResultValue>;

/** A result by columns: `values[i][j]` is row j of column i. */
export const ResultTable = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })).readonly(),
  values: z.array(z.array(ResultValue).readonly()).readonly(),
  rows: z.int().nonnegative().describe('Rows in `values`'),
  truncated: z.boolean().describe('Whether a limit cut the result'),
  incomplete: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('Why the engine says that this is not the answer, in its words: a value cut, a recursion stopped'),
});
export type ResultTable = z.infer<typeof ResultTable>;

/** Something that Python displayed. Text kinds carry text, PNG base64. */
export const RichOutput = z.strictObject({
  mime: z.enum(['text/plain', 'text/html', 'image/png', 'image/svg+xml', 'application/json']),
  data: z.string(),
});
export type RichOutput = z.infer<typeof RichOutput>;

/** What a code cell did. */
export const CellResult = z.strictObject({
  stdout: z.string(),
  stdout_truncated: z.boolean(),
  result: z.string().optional().describe('The value of the last expression, as text'),
  outputs: z.array(RichOutput).readonly(),
  error: z
    .strictObject({ kind: z.string(), name: z.string(), message: z.string(), traceback: z.string() })
    .optional()
    .describe('kind is a row of the failure table'),
  state_lost: z.boolean().describe('Whether the process had to be killed, so that later cells start afresh'),
  milliseconds: z.number().nonnegative(),
});
export type CellResult = z.infer<typeof CellResult>;

/** What a cell did, without how long it took: what its evidence’s hash is taken of, so that equal work has equal ids. */
export const CellWork = CellResult.omit({ milliseconds: true });
export type CellWork = z.infer<typeof CellWork>;

/** The operations of the supervisor: input and output of each. */
export const sandboxOperations = {
  /**
   * Connects and reads the schema; a source that is open already is opened anew. The tables are a boundary: statements,
   * Python and catalogs know no others until it is opened again. Fails with DATABASE_UNREACHABLE, DATABASE_REFUSED,
   * DATABASE_WRITABLE, DATABASE_EMPTY, TABLE_NOT_FOUND.
   */
  open: {
    input: z.strictObject({
      source: Name,
      target: DatabaseTarget,
      tables: z
        .array(z.string())
        .readonly()
        .optional()
        .describe('The run’s tables; all that are found when absent, and the database is opened and no more when none'),
      kept: z
        .array(z.string())
        .readonly()
        .optional()
        .describe('Of a run that goes on: its tables when it began. What was made since is not its own'),
    }),
    output: DatabaseSchema.extend({
      not_asked: z.int().nonnegative().default(0).describe('How many tables are there that are not the run’s'),
    }),
  },
  /** One read-only statement. A refused or failed one is answered as a failure; its evidence is kept all the same. */
  execute_sql: {
    input: z.strictObject({
      source: Name.describe('One that was opened'),
      sql: z.string(),
      limits: StatementLimits,
      origin: z.enum(['profile', 'rule', 'tool']),
      agent: Name.optional(),
    }),
    output: z.strictObject({ table: ResultTable, evidence_id: z.string() }),
  },
  /** A fresh kernel process and workspace for one agent; the one before is ended. */
  start_session: {
    input: z.strictObject({
      agent: Name,
      statement_limit: z.int().nonnegative().describe('Statements that the session may send from Python'),
    }),
    output: z.strictObject({
      python: z.string().describe('Version'),
      isolation: z.string().describe('The level of the jail'),
    }),
  },
  /** Puts a file into the session's workspace. `name` is one path segment. */
  write_file: {
    input: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/), content_base64: z.string() }),
    output: z.strictObject({ bytes: z.int() }),
  },
  /**
   * A file that code left in the session's workspace, of 8 MiB at most. No link on its path is followed. Fails with
   * NOT_FOUND, CONFLICT where it is no plain file, REQUEST_TOO_LARGE.
   */
  read_artifact: {
    input: z.strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,120}){0,7}$/)
        .describe('Its path in the workspace'),
    }),
    output: z.strictObject({ content_base64: z.string(), bytes: z.int().nonnegative() }),
  },
  /** One cell in the session's kernel. An exception in the code is an ordinary answer with `error`. */
  execute_python: {
    input: z.strictObject({
      agent: Name,
      code: z.string(),
      seconds: z.number().positive().max(3_600),
      statement_limit: z
        .int()
        .nonnegative()
        .optional()
        .describe('Statements that the cell may send, where others than Python have sent some since the session began'),
    }),
    output: z.strictObject({
      cell: CellResult,
      evidence_id: z.string(),
      statements: z.int().nonnegative().describe('Statements that the cell sent, and that its agent’s budget pays for'),
      statement_evidence: z
        .array(z.string())
        .readonly()
        .describe('Evidence ids of those that have ended, refused ones too, each once, in the order in which they did'),
    }),
  },
  /** Ends the session: its process dies, its workspace goes. */
  end_session: { input: z.strictObject({}), output: z.strictObject({}) },
  /**
   * The evidence recorded since the last acknowledged number, oldest first, at most 200 pieces and 4 MiB. Reading
   * acknowledges nothing.
   */
  evidence: {
    input: z.strictObject({ after: z.int().nonnegative().describe('Acknowledges all up to this number') }),
    output: z.strictObject({
      evidence: z
        .array(
          z.strictObject({
            number: z.int().positive(),
            evidence: Evidence,
            result: z
              .string()
              .optional()
              .describe('The canonical JSON that result_hash is of, where the result is to be kept whole'),
          }),
        )
        .readonly(),
      last: z.int().nonnegative(),
    }),
  },
  /** Whether the sandbox lives. */
  ping: { input: z.strictObject({}), output: z.strictObject({ leased: z.boolean() }) },
} as const;
export type SandboxOperation = keyof typeof sandboxOperations;
export type SandboxInput<O extends SandboxOperation> = z.infer<(typeof sandboxOperations)[O]['input']>;
export type SandboxOutput<O extends SandboxOperation> = z.infer<(typeof sandboxOperations)[O]['output']>;

/** A failure as a supervisor answers it, with the evidence it left. */
export const SandboxFailure = z.strictObject({ failure: FailureReport, evidence_id: z.string().optional() });
export type SandboxFailure = z.infer<typeof SandboxFailure>;
