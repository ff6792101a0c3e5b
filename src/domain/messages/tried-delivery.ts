import { type Delivery, type DeliveryTry, maxKeptTries } from '../../contracts/delivery.ts';
import { nextTry } from './next-try.ts';

/** What a delivery is after one more try. */
export const triedDelivery = (
  delivery: Pick<Delivery, 'tries' | 'tried'>,
  made: DeliveryTry,
  now: Date,
): Pick<Delivery, 'status' | 'tries' | 'tried' | 'next_at'> => {
  const tried = delivery.tried + 1;
  const tries = [...delivery.tries, made].slice(-maxKeptTries);
  if (made.outcome === 'accepted') return { status: 'delivered', tries, tried };
  const next = made.outcome === 'gone' ? undefined : nextTry(tried, now);
  return next === undefined
    ? { status: 'failed', tries, tried }
    : { status: 'pending', tries, tried, next_at: next.toISOString() };
};
