import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Needs, functionNames, functionNeeds, needsOf } from '../../src/contracts/function-needs.ts';
import { type PortsOf, portAccess, type Using } from '../../src/ports/port-access.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { portsUsed } from './ports-used.ts';

type Listed<P extends keyof typeof portAccess> = (typeof portAccess)[P][keyof (typeof portAccess)[P]] extends infer L
  ? L extends readonly (infer M)[]
    ? M
    : never
  : never;
/** Members of ports that no access opens. */
type Forgotten = { [P in keyof typeof portAccess]: Exclude<keyof Ports[P], Listed<P>> }[keyof typeof portAccess];

/** What is declared, as `port:access`. */
const declared = (needs: Needs): readonly string[] =>
  Object.entries<readonly string[]>(needs).flatMap(([port, accesses]) => accesses.map((access) => `${port}:${access}`));

describe('what a function needs of the ports', () => {
  it('covers every member of every guarded port, each by one access', () => {
    expectTypeOf<Forgotten>().toBeNever();
    for (const accesses of Object.values(portAccess)) {
      const members = Object.values<readonly string[]>(accesses).flat();
      expect(members).toEqual([...new Set(members)]);
    }
  });

  // Each of these lines has to fail to compile, or `npm run check` fails at it.
  it('is all that its use case is given: what is not declared does not compile', () => {
    const asked = (ports: PortsOf<'get-run'>, reading: Using<{ documents: 'read' }>, whole: Ports): void => {
      void ports.runs.get('tenant', 'run');
      // @ts-expect-error -- runs are read, not written
      void ports.runs.settle;
      // @ts-expect-error -- secrets are not declared
      void ports.secrets;
      // @ts-expect-error -- nor is the permission to start runs
      void ports.workflow;
      void reading.documents.get('tenant', 'key');
      // @ts-expect-error -- what only reads cannot write
      void reading.documents.put;
      const writes = (given: Using<{ documents: 'write' }>): void => void given.documents.put;
      // @ts-expect-error -- and cannot be handed on to what writes
      writes(reading);
      // @ts-expect-error -- nor can a function's ports to what its row does not open
      writes(ports);
      writes(whole);
    };
    expect(asked).toBeTypeOf('function');
  });

  it.each(functionNames.filter((name) => name !== 'check-health'))(
    'of %s is what its use case uses, itself and through what it calls',
    (name) => {
      expect([...portsUsed(name)].toSorted()).toEqual([...declared(functionNeeds[name])].toSorted());
    },
  );

  it('of the API’s edge is the key and the count of its requests, on every route that asks for a key', () => {
    expect(declared(needsOf('list-runs'))).toEqual(['runs:list', 'requestCounts:write', 'apiKeys:read', 'apiKeys:use']);
    expect(declared(needsOf('check-health'))).toEqual(['model:name']);
    expect(declared(needsOf('call-model'))).toEqual(declared(functionNeeds['call-model']));
  });
});
