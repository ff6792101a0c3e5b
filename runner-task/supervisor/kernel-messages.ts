import * as z from 'zod';
import { RichOutput } from '../../src/contracts/sandbox.ts';
import type { ResultTable } from '../../src/contracts/sandbox.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import type { FailureReport } from '../../src/contracts/failure-report.ts';

/** What a kernel says. It runs code that nobody trusts, so every message is checked. */
export const KernelMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), python: z.string().max(100), isolation: z.string().max(200) }),
  z.strictObject({ type: z.literal('begun') }),
  z.strictObject({ type: z.literal('query'), id: z.int().nonnegative(), source: z.string(), sql: z.string() }),
  z.strictObject({
    type: z.literal('cell'),
    id: z.int().nonnegative(),
    result: z.string().nullable(),
    outputs: z.array(RichOutput).max(32),
    error: z.strictObject({ name: z.string(), message: z.string(), traceback: z.string() }).nullable(),
  }),
]);
export type KernelMessage = z.infer<typeof KernelMessage>;

/** What a cell came to, without what it printed. */
export type KernelCell = Omit<Extract<KernelMessage, { type: 'cell' }>, 'type' | 'id'>;

/** A statement that code sends. */
export type KernelQuery = Omit<Extract<KernelMessage, { type: 'query' }>, 'type'>;

/** A table as `db.table` needs it. */
export type KernelTable = {
  readonly name: string;
  readonly schema: string | null;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
};

/** A database as the code sees it, under the name of its source. */
export type KernelDatabase = {
  readonly source: string;
  readonly engine: Engine;
  readonly tables: readonly KernelTable[];
};

/** What a kernel is told. */
export type KernelOrder =
  | {
      readonly type: 'begin';
      readonly workspace: string;
      readonly databases: readonly KernelDatabase[];
      readonly failures: readonly string[];
    }
  | { readonly type: 'execute'; readonly id: number; readonly code: string; readonly mark: string }
  | { readonly type: 'reply'; readonly id: number; readonly table: ResultTable }
  | { readonly type: 'reply'; readonly id: number; readonly failure: FailureReport };
