import { join } from 'node:path';
import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import catalog from '../../../state-machines/catalog.chain.json' with { type: 'json' };
import { parseMachine } from '../../../src/adapters/local/asl/parse-machine.ts';
import { Chain } from '../../../src/contracts/chain.ts';
import { compileChain } from '../../../src/domain/chain/compile-chain.ts';
import { orderNodes } from '../../../src/domain/chain/order-nodes.ts';
import { retryPolicy, retryPolicyWithout } from '../../../src/domain/chain/retry-policy.ts';
import { unboundedTasks } from './states-of.ts';
import { readGolden } from '../../support/read-golden.ts';

const golden = join(import.meta.dirname, '../../golden/asl/catalog.asl.json');

const chainOf = (nodes: readonly { readonly id: string; readonly after?: readonly string[] }[]): Chain =>
  Chain.parse({
    name: 'test',
    version: 1,
    description: 'of a test',
    nodes: nodes.map((node) => ({ type: 'AGENT', agent: 'cataloging', ...node })),
  });

describe('compiling a chain', () => {
  it('turns the catalog chain into the golden state machine', () => {
    const text = `${JSON.stringify(compileChain(Chain.parse(catalog)), null, 2)}\n`;
    expect(text).toBe(readGolden(golden, text));
  });

  it('puts each node after all that it needs and otherwise keeps the written order', () => {
    const ordered = orderNodes(
      chainOf([
        { id: 'last', after: ['first', 'second'] },
        { id: 'first' },
        { id: 'second', after: ['first'] },
        { id: 'free' },
      ]),
    );
    expect(ordered.map(({ id }) => id)).toEqual(['first', 'second', 'last', 'free']);
  });

  it('refuses a doubled id, an unknown id and a circle, and names the node', () => {
    expect(() => orderNodes(chainOf([{ id: 'a' }, { id: 'a' }]))).toThrow(/node "a": two nodes are called "a"/);
    expect(() => orderNodes(chainOf([{ id: 'a', after: ['b'] }]))).toThrow(
      /node "a": it comes after "b", which is no node/,
    );
    expect(() =>
      orderNodes(
        chainOf([
          { id: 'a', after: ['b'] },
          { id: 'b', after: ['a'] },
        ]),
      ),
    ).toThrow(/node "a, b": these nodes wait for each other/);
  });

  it('gives generated states names that no node can have', () => {
    const generated = Object.keys(compileChain(Chain.parse(catalog)).States).filter((name) => name.startsWith('_'));
    for (const name of generated) expect(() => chainOf([{ id: name }])).toThrow(/lower-case letters/);
    expect(generated).toContain('_finish');
  });

  it('makes a run of a catalog request where the chain is one that is asked for so, and of none else', () => {
    const states = (chain: Chain) => compileChain(chain).States;
    expect(Object.keys(states(Chain.parse(catalog)))).toContain('_adopt-execution');
    expect(Object.keys(states(chainOf([{ id: 'a' }])))).not.toContain('_adopt-execution');
  });

  it('says in each state that fails by itself what goes on with its run, where it is redriven', async () => {
    const fails = Object.values(compileChain(Chain.parse(catalog)).States).filter((state) => state.Type === 'Fail');
    expect(fails).toHaveLength(3);
    for (const { Cause } of fails) {
      const [, text = ''] = /^\{% (.*) %\}$/.exec(Cause) ?? [];
      const cause = (RedriveCount: number) =>
        jsonata(text).evaluate(
          {},
          {
            states: { context: { Execution: { RedriveCount } }, input: { cause: 'It failed. The run had no sandbox' } },
            run_id: 'R',
          },
        );
      expect(await cause(0)).toContain('The run had no sandbox');
      expect(await cause(1)).toContain('surveyor resume R');
    }
  });

  it('takes a sandbox where a node needs one or the sources are to be opened, and nowhere else', () => {
    const statesOf = (chain: object): readonly string[] =>
      Object.keys(compileChain(Chain.parse({ name: 'test', version: 1, description: 'of a test', ...chain })).States);
    const agent = { id: 'writer', type: 'AGENT', agent: 'summary' };
    const takes = (chain: object): boolean => statesOf(chain).includes('_take-sandbox');
    expect(takes({ nodes: [] })).toBe(false);
    expect(takes({ nodes: [{ ...agent, sandbox: false }] })).toBe(false);
    expect(takes({ nodes: [agent] })).toBe(true);
    expect(
      takes({
        nodes: [
          { ...agent, sandbox: false },
          { id: 'profile', type: 'PROFILE' },
        ],
      }),
    ).toBe(true);
    expect(takes({ nodes: [], opens_sources: true })).toBe(true);
    const bare = compileChain(Chain.parse({ name: 'test', version: 1, description: 'of a test', nodes: [] }));
    expect(bare.States['_start']).toMatchObject({ Next: '_finish' });
    parseMachine('test', bare);
  });

  it('makes of any chain a machine that the engine takes, each of whose tasks is bounded and tried again', () => {
    const chains = fc
      .array(fc.record({ profile: fc.boolean(), before: fc.array(fc.nat(), { maxLength: 3 }) }), { maxLength: 12 })
      .map((drawn) =>
        Chain.parse({
          name: 'test',
          version: 1,
          description: 'of a test',
          nodes: drawn.map(({ profile, before }, index) => ({
            id: `n${index}`,
            ...(profile ? { type: 'PROFILE' } : { type: 'AGENT', agent: 'cataloging' }),
            after: index === 0 ? [] : [...new Set(before.map((nth) => `n${nth % index}`))],
          })),
        }),
      );
    fc.assert(
      fc.property(chains, (chain) => {
        const machine = compileChain(chain);
        parseMachine('test', machine);
        expect(
          unboundedTasks(machine, retryPolicy, { 'take-sandbox': retryPolicyWithout(['SANDBOX_UNAVAILABLE']) }),
        ).toEqual([]);
      }),
      { numRuns: 50, seed: 7 },
    );
  });
});
