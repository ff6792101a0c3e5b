import type { SourceKind } from '../../../contracts/engine.ts';
import type { TargetOf } from '../../../contracts/sandbox.ts';
import type { Invalid } from './decode-percent.ts';

/** How one kind of source is named by a connection string. */
export type SourceAddress<K extends SourceKind> = {
  /** The schemes that name it; the first is the one it is shown with. */
  readonly schemes: readonly [string, ...string[]];
  /** What other tools call it, where the letters alone would not tell which scheme is meant. */
  readonly nicknames: readonly string[];
  /** The endings of its files, by which a plain path is known; none of a server. */
  readonly endings: readonly string[];
  /** What stands in all of its files, and at which byte. */
  readonly signature?: { readonly at: number; readonly text: string };
  /** Whether it has a user, password and database, which may hold characters that must be percent-encoded. */
  readonly hasCredentials: boolean;
  /** Reads what follows `://`. */
  readonly parse: (rest: string, invalid: Invalid) => TargetOf<K>;
  /** As it may be shown and logged: never its user, password or options. */
  readonly label: (target: TargetOf<K>) => string;
};
