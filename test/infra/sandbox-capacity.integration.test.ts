import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { sandboxCapacity } from '../../lib/sandbox/sandbox-capacity.ts';
import type { Context } from './template.ts';

const capacityOf = (context: Context) => sandboxCapacity(new App({ context }).node);

describe('the number of sandboxes in the context', () => {
  it('is four, none of them started ahead, unless it is said', () => {
    expect(capacityOf({})).toEqual({ SANDBOX_PLACES: '4', SANDBOX_WARM: '0' });
    expect(capacityOf({ sandboxes: '12', warmSandboxes: '12' })).toEqual({ SANDBOX_PLACES: '12', SANDBOX_WARM: '12' });
  });

  it.each<[Context, string]>([
    [{ sandboxes: '0' }, 'sandboxes has "0", which is not a whole number from 1 to 500'],
    [{ sandboxes: '501' }, 'from 1 to 500'],
    [{ sandboxes: '2.5' }, 'a whole number'],
    [{ sandboxes: 'many' }, 'a whole number'],
    [{ sandboxes: '1e2' }, 'a whole number'],
    [{ warmSandboxes: '-1' }, 'warmSandboxes has "-1", which is not a whole number from 0 to 4'],
    [{ sandboxes: '2', warmSandboxes: '3' }, 'from 0 to 2, which is how many sandboxes there may be'],
  ])('is refused as it stands in %j, saying how it is written', (context, says) => {
    expect(() => capacityOf(context)).toThrow(says);
  });
});
