import { describe, expect, inject, it } from 'vitest';
import { findMiniStack } from '../../adapters/aws/ministack.ts';
import { leaveOut } from '../../support/is-missing.ts';
import { readUsedPermissions } from '../platform/least-privilege.ts';

const found = await findMiniStack();

/** Grants that no run of `npm run aws` uses, and why they are there. */
const reasons: readonly { readonly grants: RegExp; readonly because: string }[] = [
  { grants: /: (logs:Create|logs:Put|xray:)/, because: 'Lambda writes logs and traces, not the code' },
  { grants: /: ec2:/, because: 'Lambda puts a function into the network with its rights' },
];

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('the roles of the functions', () => {
  const stacks = readUsedPermissions(inject('synthesisFolder'));

  it('allow all that any test of the stack made them do', () => {
    expect(stacks.length).toBeGreaterThan(1);
    expect([...new Set(stacks.flatMap(({ refused }) => refused))]).toEqual([]);
  });

  it('allow nothing else, but for a reason', () => {
    const used = new Set(stacks.flatMap((stack) => stack.used));
    const unused = [...new Set(stacks.flatMap(({ granted }) => granted))].filter((grant) => !used.has(grant));
    expect(unused.filter((grant) => !reasons.some(({ grants }) => grants.test(grant))).toSorted()).toEqual([]);
    // A reason that nothing needs any more goes.
    expect(reasons.filter(({ grants }) => !unused.some((grant) => grants.test(grant)))).toEqual([]);
  });
});
