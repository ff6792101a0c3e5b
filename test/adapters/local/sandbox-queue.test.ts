import { heldByRun } from '../../../src/contracts/sandbox.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newSandboxQueue, type SandboxPlace, type SandboxQueue } from '../../../src/adapters/local/sandbox-queue.ts';

/** Enters runs named `{tenant}{number}`, and notes in which order they get their places. */
const visitors = (queue: SandboxQueue) => {
  const order: string[] = [];
  const places = new Map<string, SandboxPlace>();
  const outcomes = new Map<string, Promise<unknown>>();
  const enter = (...names: readonly string[]): void => {
    for (const name of names) {
      const entered = queue.enter(name.slice(0, 1), heldByRun(name)).then((place) => {
        order.push(name);
        places.set(name, place);
      });
      outcomes.set(
        name,
        entered.catch((error: unknown) => error),
      );
    }
  };
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  const giveBack = async (name: string): Promise<void> => {
    places.get(name)?.giveBack();
    await settled();
  };
  return { order, outcomes, enter, settled, giveBack };
};

const queueOf = (options: Partial<Parameters<typeof newSandboxQueue>[0]> = {}): SandboxQueue =>
  newSandboxQueue({ most: 1, mostWaiting: 100, ...options });

afterEach(() => void vi.useRealTimers());

describe('the queue for sandboxes', () => {
  it('lets in as many as there may be, the others in their order as places come back', async () => {
    const queue = queueOf({ most: 2 });
    const { order, enter, settled, giveBack } = visitors(queue);
    enter('a1', 'a2', 'a3', 'a4');
    await settled();
    expect(order).toEqual(['a1', 'a2']);
    await giveBack('a2');
    expect(order).toEqual(['a1', 'a2', 'a3']);
    await giveBack('a1');
    await giveBack('a3');
    expect(order).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(queue.taken).toBe(1);
    queue.close();
  });

  it('lets tenants take turns, however many runs one of them has brought before', async () => {
    const { order, enter, settled, giveBack } = visitors(queueOf());
    enter('a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1');
    await settled();
    for (let turn = 0; turn < 6; turn += 1) await giveBack(order.at(-1) ?? '');
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('takes a place back once, however often it is given', async () => {
    const queue = queueOf();
    const { order, enter, settled, giveBack } = visitors(queue);
    enter('a1', 'a2', 'a3');
    await settled();
    await giveBack('a1');
    await giveBack('a1');
    expect(order).toEqual(['a1', 'a2']);
    expect(queue.taken).toBe(1);
    queue.close();
  });

  it('lets a run leave, and the next one has its turn', async () => {
    const queue = queueOf();
    const { order, outcomes, enter, settled, giveBack } = visitors(queue);
    enter('a1', 'a2', 'a3');
    await settled();
    queue.leave('a', heldByRun('a2'));
    expect(await outcomes.get('a2')).toMatchObject({ kind: 'RUN_CANCELLED' });
    await giveBack('a1');
    expect(order).toEqual(['a1', 'a3']);
  });

  it('does not take a conversation for a run of its id', async () => {
    const queue = queueOf();
    const { order, enter, settled, giveBack } = visitors(queue);
    enter('a1', 'a2');
    await settled();
    queue.leave('a', { kind: 'conversation', id: 'a2' });
    await giveBack('a1');
    expect(order).toEqual(['a1', 'a2']);
  });

  it('does not let one tenant make another’s run leave', async () => {
    const queue = queueOf();
    const { order, enter, settled, giveBack } = visitors(queue);
    enter('a1', 'b2');
    await settled();
    queue.leave('a', heldByRun('b2'));
    await giveBack('a1');
    expect(order).toEqual(['a1', 'b2']);
  });

  it('fails with SANDBOX_UNAVAILABLE, saying what to do, where too many wait', async () => {
    const queue = queueOf({ mostWaiting: 2 });
    const { outcomes, enter, settled } = visitors(queue);
    enter('a1', 'a2', 'b1', 'c1');
    await settled();
    expect(await outcomes.get('c1')).toMatchObject({
      kind: 'SANDBOX_UNAVAILABLE',
      message:
        '2 runs wait for one of the 1 sandboxes, which is the most that may. Start fewer runs at once, or let there be more sandboxes with SURVEYOR_SANDBOXES.',
    });
    queue.close();
  });

  it('sends everybody away when the service stops', async () => {
    const queue = queueOf();
    const { outcomes, enter, settled } = visitors(queue);
    enter('a1', 'a2');
    await settled();
    queue.close();
    enter('a3');
    for (const name of ['a2', 'a3'])
      expect(await outcomes.get(name)).toMatchObject({
        kind: 'SANDBOX_UNAVAILABLE',
        message: expect.stringContaining('stopping'),
      });
  });
});
