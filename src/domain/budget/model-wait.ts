import type { ModelWait } from '../../contracts/agent.ts';

/** Seconds that an agent waits at most, in one attempt of its run, for a model service that takes no more requests. */
export const maxWaitSeconds = 1_200;

/** The first waits of a service that does not say how long: 2, 4, 8, 16, 32, 64, then 120 s. */
const longestGuess = 120;

/** After so many waits in a row each is at least `leastLater`, so that their rounds stay some hundreds of history events. */
const shortWaits = 30;
const leastLater = 30;

/**
 * The wait of an agent before it asks again in a turn: as long as the service has told, else longer each time. Undefined where
 * that is more than there is left.
 */
export const nextWait = (
  before: ModelWait | undefined,
  now: { readonly attempt: number; readonly turn: number; readonly at: Date },
  told: number | undefined,
): { readonly seconds: number; readonly wait: ModelWait } | undefined => {
  const { attempt, turn, at } = now;
  const last = before?.attempt === attempt ? before : undefined;
  const times = last?.turn === turn ? last.times : 0;
  const left = maxWaitSeconds - (last?.seconds ?? 0);
  const wanted = told === undefined ? Math.min(longestGuess, 2 ** (times + 1), left) : Math.max(1, Math.ceil(told));
  const seconds = times < shortWaits ? wanted : Math.max(leastLater, wanted);
  if (seconds < 1 || seconds > left) return undefined;
  const until = new Date(at.getTime() + seconds * 1_000).toISOString();
  return { seconds, wait: { attempt, turn, times: times + 1, seconds: maxWaitSeconds - left + seconds, until } };
};
