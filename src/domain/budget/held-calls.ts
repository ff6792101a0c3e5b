import type { AgentSession, HeldCall } from '../../contracts/agent.ts';
import type { Price } from './prices.ts';
import { type Tokens, costOf } from './usage.ts';

type Booked = Pick<AgentSession, 'usage' | 'held_calls' | 'reserved_dollars'>;

/**
 * A session that counts a call before it is made, as the most that it can cost. Whatever becomes of the call, of its process, of the run:
 * what is counted is never less than what is billed.
 */
export const holdCall = <S extends Booked>(session: S, call: HeldCall): S => ({
  ...session,
  usage: addTo(session.usage, call.tokens, call.dollars, 1),
  reserved_dollars: call.dollars,
  held_calls: [...heldIn(session), call],
});

/** The session once it is known what a call has cost. One that is not held, such as those of older versions, is counted anew. */
export const settleCall = <S extends Booked>(session: S, call: string | undefined, price: Price, spent: Tokens): S => {
  const held = heldIn(session).find((one) => one.call === call);
  const others = held === undefined ? session.usage : addTo(session.usage, held.tokens, held.dollars, -1);
  return {
    ...withHeld(session, (one) => one !== held),
    usage: addTo(others, spent, costOf(price, spent), 1),
    reserved_dollars: 0,
  };
};

/** The session after a turn is answered: what its other tries may have cost is never learned, and stays counted. */
export const giveUpHeld = <S extends Booked & Pick<AgentSession, 'turns'>>(session: S): S =>
  withHeld(session, ({ turn }) => turn > session.turns);

/** The calls whose cost is not known. */
export const heldIn = ({ held_calls = [] }: Pick<AgentSession, 'held_calls'>): readonly HeldCall[] => held_calls;

const withHeld = <S extends Booked>(session: S, isHeld: (call: HeldCall) => boolean): S => {
  const { held_calls = [], ...rest } = session;
  const left = held_calls.filter(isHeld);
  // What is left out is optional in every session.
  return (left.length === 0 ? rest : { ...rest, held_calls: left }) as S;
};

const addTo = (usage: AgentSession['usage'], tokens: Tokens, dollars: number, sign: 1 | -1): AgentSession['usage'] => {
  const sum = (kind: keyof Tokens): number => Math.max(0, usage[kind] + sign * tokens[kind]);
  return {
    input_tokens: sum('input_tokens'),
    output_tokens: sum('output_tokens'),
    cache_read_tokens: sum('cache_read_tokens'),
    cache_write_tokens: sum('cache_write_tokens'),
    // A token costs at least a hundred-millionth of a dollar: rounded so, what is added and taken away again leaves nothing behind.
    dollars: Math.max(0, Math.round((usage.dollars + sign * dollars) * 1e12) / 1e12),
  };
};
