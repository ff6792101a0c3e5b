import type { AwsCall } from './aws-call.ts';
import type { FrontDoor } from './front-door.ts';

/**
 * A conditional write in words: who makes it, how, and under what conditions, however many items have the same one; undefined
 * of any other call.
 */
const inWords = ({ caller, operation, conditions }: AwsCall): string | undefined =>
  conditions.length === 0
    ? undefined
    : `${caller}: ${operation} if ${[...new Set(conditions)].toSorted().join(', and ')}`;

/** Answers of conditional writes that do not arrive, each once however many runs make it. */
export type LostAnswers = {
  /** From now on, until the door is calm again, the answer of each is lost that was not lost before. */
  lose(): void;
  /** The writes that were made since the door was opened and whose answers all arrived. */
  arrived(): readonly string[];
};

/** Loses answers at the door. */
export const loseAnswers = (door: FrontDoor): LostAnswers => {
  const lost = new Set<string>();
  return {
    lose: () =>
      door.loseAnswers((call) => {
        const write = inWords(call);
        if (write === undefined || lost.has(write)) return false;
        lost.add(write);
        return true;
      }, Infinity),
    arrived: () => {
      const made = new Set(door.calls.map(inWords));
      return [...made]
        .filter((write) => write !== undefined && !lost.has(write))
        .map(String)
        .toSorted();
    },
  };
};
