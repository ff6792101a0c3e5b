import { describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSendingRoom } from '../../../src/domain/messages/sending-room.ts';

describe('the room for sending', () => {
  it('is no larger than it says, in all and for each receiver, and does all that was asked', async () => {
    const room = createSendingRoom({ all: 16, each: 4 });
    const now = new Map<string, number>();
    let [most, mostOfOne, done] = [0, 0, 0];
    const work = async (receiver: string): Promise<void> => {
      now.set(receiver, (now.get(receiver) ?? 0) + 1);
      most = Math.max(
        most,
        [...now.values()].reduce((sum, count) => sum + count, 0),
      );
      mostOfOne = Math.max(mostOfOne, ...now.values());
      await sleep(1);
      now.set(receiver, (now.get(receiver) ?? 0) - 1);
      done += 1;
    };
    const asked = Array.from({ length: 1_000 }, (_, index) => `webhook/w${Math.floor(index / 100)}`);
    await Promise.all(asked.map((receiver) => room.run(receiver, () => work(receiver))));
    expect([most, mostOfOne, done]).toEqual([16, 4, 1_000]);
  });

  it('lets others pass a receiver that does not answer, and is free again after one that fails', async () => {
    const room = createSendingRoom({ all: 3, each: 2 });
    const never = (): Promise<never> => new Promise(() => undefined);
    for (let count = 0; count < 5; count += 1) void room.run('slow', never);
    await expect(
      room.run('quick', async () => {
        throw new Error('unreachable');
      }),
    ).rejects.toThrow('unreachable');
    expect(await room.run('quick', async () => 'sent')).toBe('sent');
  });
});
