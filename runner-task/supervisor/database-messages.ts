import type { FailureReport } from '../../src/contracts/failure-report.ts';
import type { PlacedTarget, ResultTable, StatementLimits } from '../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../src/domain/connection/narrow-schema.ts';
import type { StatementAuthor } from './policy/statement-policy.ts';
import type { DatabaseBounds, OpenedDatabase } from './engines/open-engine.ts';

/** What the supervisor asks of a database process, one at a time; `interrupt` and `judge_ahead` alone may come in between. */
export type DatabaseRequest =
  | {
      readonly do: 'open';
      readonly target: PlacedTarget;
      readonly bounds: DatabaseBounds;
      readonly wanted: WantedTables | undefined;
    }
  | { readonly do: 'run'; readonly sql: string; readonly limits: StatementLimits; readonly author: StatementAuthor }
  | { readonly do: 'judge_ahead'; readonly sql: string; readonly author: StatementAuthor }
  | { readonly do: 'interrupt' };

/** What a database process answers; to what may come in between, nothing. */
export type DatabaseReply =
  | { readonly did: 'open'; readonly opened: OpenedDatabase }
  | { readonly did: 'run'; readonly table: ResultTable }
  | { readonly did: 'fail'; readonly failure: FailureReport; readonly retry_after?: number | undefined };
