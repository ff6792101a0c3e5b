import type { Engine } from '../../../src/contracts/engine.ts';
import type { DatabaseTarget } from '../../../src/contracts/sandbox.ts';
import type { TypeName } from './measured-table.ts';

/** A database of a test: where it is, and a way to change it that no policy guards. */
export type EngineDatabase = {
  readonly target: DatabaseTarget;
  /** Something that differs when anything in the database does. */
  fingerprint(): Promise<string>;
  stop(): Promise<void>;
};

/** One engine, as the contract needs to know it. */
export type EngineUnderTest = {
  readonly engine: Engine;
  /** What the contract's types are called there. */
  readonly types: Readonly<Record<TypeName, string>>;
  /** Makes a database and runs these statements in it. */
  readonly start: (statements: readonly string[]) => Promise<EngineDatabase>;
  /** What writes in this engine's own ways, or reads what is none of the run's tables. */
  readonly attempts: readonly string[];
};
