import type { FailureReport } from '../../../src/contracts/common.ts';
import type { DatabaseTarget, ResultTable, StatementLimits } from '../../../src/contracts/sandbox.ts';
import type { DatabaseSchema } from '../../../src/contracts/schema.ts';

/** How DuckDB is bounded from inside, and where it may spill. */
export type DatabaseBounds = { readonly memory_bytes: number; readonly spill_folder: string };

/** Where a table of the schema lies, in parts: `name` alone cannot be split where a part holds a dot. */
export type TableAddress = { readonly name: string; readonly schema?: string; readonly table: string };

/** What `open` finds. */
export type OpenedDatabase = { readonly schema: DatabaseSchema; readonly addresses: readonly TableAddress[] };

/** What the supervisor asks of the DuckDB process, one at a time; `interrupt` alone may come in between. */
export type DatabaseRequest =
  | { readonly do: 'open'; readonly target: DatabaseTarget; readonly bounds: DatabaseBounds }
  | { readonly do: 'run'; readonly sql: string; readonly limits: Pick<StatementLimits, 'rows' | 'bytes'> }
  | { readonly do: 'interrupt' };

/** What the DuckDB process answers; to `interrupt`, nothing. */
export type DatabaseReply =
  | { readonly did: 'open'; readonly opened: OpenedDatabase }
  | { readonly did: 'run'; readonly table: ResultTable }
  | { readonly did: 'fail'; readonly failure: FailureReport };
