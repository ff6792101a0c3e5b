import type { Step } from '../../contracts/step.ts';
import { reservedPrefix } from '../chain/reserved-prefix.ts';
import { fieldsOf, textOf } from './json-fields.ts';

/** What a state says of its step when it is entered. */
export type EnteredState = {
  readonly name: string;
  readonly kind: Step['kind'];
  readonly input: Readonly<Record<string, unknown>>;
  /** The key of the step whose execution the state is in: of an agent, of the tables; undefined in the chain's own. */
  readonly owner: string | undefined;
  /** Of an agent's execution: the turn that it is in, 0 before the first. */
  readonly turn: number;
};

/**
 * What a step is, whichever event began it and however often it is done: `profile`, `profile/table/main/orders`,
 * `cataloging/turn/3/tool/toolu_1`. Parts that others name are escaped, so that none can spell another step's key.
 *
 * @example
 * stepKey({ name: 'Measure table', kind: 'table', input: { source: 'main', table: 'a/b' }, owner: 'profile', turn: 0 });
 * // 'profile/table/main/a%2Fb'
 */
export const stepKey = ({ name, kind, input, owner, turn }: EnteredState): string => {
  const isOfTable = kind === 'table' || kind === 'check';
  const table = isOfTable ? [kind, textOf(input['source']), textOf(input['table'])] : [];
  if (owner !== undefined) {
    // Tables belong to their node, whichever chunk they are in; the owner is the node, or a part of it.
    if (isOfTable) return join([owner.split('/')[0] ?? owner], table);
    const part = kind === 'turn' ? [] : kind === 'tool' ? ['tool', textOf(fieldsOf(input['call'])['id'])] : [name];
    return join([owner, ...(turn === 0 ? [] : ['turn', String(turn)])], part);
  }
  // A generated state of a node is named `_{node}.{part}`; one of the chain itself, such as `_take-sandbox`, has no part.
  const dot = name.indexOf('.');
  const isOfNode = name.startsWith(reservedPrefix) && dot > 0;
  const place = isOfNode ? [name.slice(reservedPrefix.length, dot), name.slice(dot + 1)] : [name];
  return join([], place);
};

const join = (made: readonly string[], parts: readonly string[]): string =>
  [...made, ...parts.map((part) => encodeURIComponent(part.toWellFormed()))].join('/');

/** Numbers steps of one key in the order in which they come: a loop comes by the same place again. */
export const withTries = (steps: readonly Omit<Step, 'try'>[]): readonly Step[] => {
  const counts = new Map<string, number>();
  return steps.map((step) => {
    const count = (counts.get(step.key ?? '') ?? 0) + 1;
    counts.set(step.key ?? '', count);
    return { ...step, try: count };
  });
};
