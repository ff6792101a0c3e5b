import { describe, expect, it } from 'vitest';
import { Delivery, type TryOutcome } from '../../../src/contracts/delivery.ts';
import { retryMinutes } from '../../../src/domain/messages/next-try.ts';
import { triedDelivery } from '../../../src/domain/messages/tried-delivery.ts';
import { sampleDelivery } from '../../contracts/stores/deliveries-contract.ts';

const noon = new Date('2026-01-31T12:00:00.000Z');

/** The delivery after tries with these outcomes, each made when it was due. */
const after = (outcomes: readonly TryOutcome[]): Delivery =>
  outcomes.reduce((delivery, outcome) => {
    const now = new Date(delivery.next_at ?? noon);
    const { next_at: _, ...kept } = delivery;
    return { ...kept, ...triedDelivery(delivery, { at: now.toISOString(), outcome }, now) };
  }, sampleDelivery('acme'));

describe('a delivery', () => {
  it('that was accepted is delivered, and tried no more', () => {
    expect(after(['unreachable', 'accepted'])).toMatchObject({ status: 'delivered', tried: 2 });
    expect(after(['accepted'])).not.toHaveProperty('next_at');
  });

  it('that fails is tried again over twenty-four hours, in growing steps, then given up', () => {
    const steps = retryMinutes.map((_, index) => after(Array.from({ length: index + 1 }, () => 'answered' as const)));
    const times = steps.map(({ next_at }) => (Date.parse(next_at ?? '') - noon.getTime()) / 60_000);
    expect(times).toEqual([1, 6, 21, 51, 111, 231, 471, 831, 1_440]);
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['pending']));
    const given_up = after(Array.from({ length: 10 }, () => 'answered' as const));
    expect(given_up).toMatchObject({ status: 'failed', tried: 10 });
    expect(given_up).not.toHaveProperty('next_at');
    expect(given_up.tries).toHaveLength(10);
  });

  it('whose consumer is gone is given up at once', () => {
    expect(after(['gone'])).toMatchObject({ status: 'failed', tried: 1 });
  });

  it('keeps its newest tries where somebody asks again and again', () => {
    const delivery = { ...after(Array.from({ length: 10 }, () => 'refused' as const)), tried: 0 };
    const rounds = Array.from({ length: 30 }).reduce<Delivery>(
      (one) => ({
        ...one,
        ...triedDelivery({ ...one, tried: 0 }, { at: '2026-02-01T00:00:00.000Z', outcome: 'answered' }, noon),
      }),
      delivery,
    );
    expect(Delivery.parse(rounds).tries).toHaveLength(20);
    expect(new Set(rounds.tries.map(({ outcome }) => outcome))).toEqual(new Set(['answered']));
  });
});
