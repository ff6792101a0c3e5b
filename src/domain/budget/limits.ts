import type { AgentSession } from '../../contracts/agent.ts';
import { Budget } from '../../contracts/budget.ts';
import { allTokens } from './usage.ts';

/** The name of one limit of a budget. */
export type Limit = keyof Budget;

/** How much of one limit is used: 1 is all of it. */
export type LimitUse = { readonly limit: Limit; readonly used: number; readonly most: number; readonly share: number };

/** From this share of any limit on, the agent is told to wrap up. */
export const wrapUpShare = 0.8;

/** Seconds of the longest machine of an agent. */
const longestAgent = 86_400;

type Measured = Pick<AgentSession, 'budget' | 'turns' | 'statements' | 'usage' | 'started_at' | 'paused_seconds'>;

/** Every limit of an agent’s budget and how much of it is used at a time, the fullest first. */
export const limitUses = (session: Measured, now: Date): readonly LimitUse[] => {
  const used: Readonly<Record<Limit, number>> = {
    tokens: allTokens(session.usage),
    dollars: session.usage.dollars,
    turns: session.turns,
    statements: session.statements,
    seconds: activeSeconds(session, now),
  };
  return limits
    .map((limit) => ({
      limit,
      used: used[limit],
      most: session.budget[limit],
      share: used[limit] / session.budget[limit],
    }))
    .toSorted((a, b) => b.share - a.share);
};

/**
 * The limit that forbids another call of the model, if one does. Tokens, turns, dollars and seconds that are used up leave
 * nothing for a call; all statements may be used up and the report still be written, so only one beyond them counts.
 */
export const exceededLimit = (session: Measured, now: Date): LimitUse | undefined =>
  limitUses(session, now).find((use) => (use.limit === 'statements' ? use.share > 1 : use.share >= 1));

/** Wall-clock seconds that are left, never less than 0. */
export const secondsLeft = (session: Measured, now: Date): number => {
  const seconds = limitUses(session, now).find((use) => use.limit === 'seconds');
  return seconds === undefined ? 0 : Math.max(0, seconds.most - seconds.used);
};

/**
 * Wall-clock seconds since the start without the pauses. No engine lets an agent go on for more than a day: a longer time,
 * like a negative one, is a clock that was set, and counts as none; the engine's own timers, which no clock moves, end what
 * takes too long.
 */
const activeSeconds = ({ started_at, paused_seconds = 0 }: Measured, now: Date): number => {
  const seconds = (now.getTime() - Date.parse(started_at)) / 1_000 - paused_seconds;
  return seconds > longestAgent ? 0 : Math.max(0, seconds);
};

/** A use as people and models read it: `$0.41 of 0.50 dollars`, `20 of 25 turns`. */
export const describeUse = (use: Pick<LimitUse, 'limit' | 'used' | 'most'>): string => {
  if (use.limit === 'dollars') return `$${use.used.toFixed(4)} of $${use.most}`;
  return `${Math.round(use.used).toLocaleString('en-US')} of ${use.most.toLocaleString('en-US')} ${use.limit}`;
};

const limits = Object.keys(Budget.shape) as readonly Limit[];
