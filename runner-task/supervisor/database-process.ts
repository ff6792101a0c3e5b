import { reportOf } from '../../src/contracts/failure-report.ts';
import { Failure, toFailure } from '../../src/contracts/failure.ts';
import type { PlacedKind, TargetOf } from '../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../src/domain/connection/narrow-schema.ts';
import { closeInherited } from './close-inherited.ts';
import type { DatabaseReply, DatabaseRequest } from './database-messages.ts';
import type { DatabaseBounds, LoadedEngine, OpenEngine } from './engines/open-engine.ts';
import { engines } from './engines/registry.ts';

/**
 * The process that one database of a sandbox is opened in, apart from the supervisor so that it can be killed: DuckDB's
 * `memory_limit` does not bound every allocation (`repeat('x', 4e9)` takes 7.7 GiB), and a statement may not respond to an
 * interrupt. The credential comes as a message and lives here alone.
 */

/** Beside the standard streams there is the way to the supervisor. */
closeInherited(4);

let engine: OpenEngine | undefined;

/** The kernel's interpreter, given where the process is started before it is known what for. */
const python = process.argv[2];

type LoadedAhead = { readonly [K in PlacedKind]?: Promise<LoadedEngine<K>> };

/** Loaded while nobody waits: together they take half a second. */
const ahead: LoadedAhead =
  python === undefined
    ? {}
    : // The compiler does not follow keys through Object.fromEntries.
      (Object.fromEntries(Object.entries(engines).map(([kind, load]) => [kind, load(python)])) as LoadedAhead);

const openTarget = async <K extends PlacedKind>(
  kind: K,
  target: TargetOf<K>,
  bounds: DatabaseBounds,
  wanted: WantedTables | undefined,
): Promise<OpenEngine> => {
  for (const [other, loaded] of Object.entries(ahead))
    if (other !== kind) void loaded.then(({ discard }) => discard?.());
  const loaded: LoadedEngine<K> = await (ahead[kind] ?? engines[kind]());
  return loaded.open(target, bounds, wanted);
};

const perform = async (request: Extract<DatabaseRequest, { do: 'open' | 'run' }>): Promise<DatabaseReply> => {
  if (request.do === 'open') {
    const before = engine;
    engine = undefined;
    await before?.close();
    const { target, bounds, wanted } = request;
    // One of the union it is: the compiler does not divide the names within it.
    engine = await openTarget<PlacedKind>(target.engine, target as TargetOf<PlacedKind>, bounds, wanted);
    return { did: 'open', opened: engine.opened };
  }
  if (!engine) throw new Failure('CONFLICT', 'No database is open in this process. Open one first.');
  return { did: 'run', table: await engine.run(request.sql, request.limits, request.author) };
};

const send = (reply: DatabaseReply): void => void process.send?.(reply);

process.on('message', (request: DatabaseRequest) => {
  if (request.do === 'interrupt') return engine?.interrupt();
  if (request.do === 'judge_ahead') return engine?.judgeAhead?.(request.sql, request.author);
  perform(request).then(send, (error: unknown) => {
    send({ did: 'fail', failure: reportOf(error), retry_after: toFailure(error).retryAfter });
  });
});
// The supervisor is gone.
process.on('disconnect', () => process.exit());
