import { IsolationLevel } from '../../src/contracts/isolation.ts';

const levels = IsolationLevel.options;

/** The level in what a kernel says of its jail: its first word. */
export const isolationLevel = (isolation: string): IsolationLevel | undefined =>
  levels.find((level) => isolation.startsWith(`${level}:`));

/** Whether a jail is at least as strict as another one. */
export const isAtLeast = (level: IsolationLevel | undefined, least: IsolationLevel): boolean =>
  level !== undefined && levels.indexOf(level) >= levels.indexOf(least);
