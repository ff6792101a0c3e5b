/** The levels of the jail, weakest first: what a machine gives decides which one a kernel has. */
export const isolationLevels = ['process', 'seccomp', 'full'] as const;
export type IsolationLevel = (typeof isolationLevels)[number];

/** The level in what a kernel says of its jail: its first word. */
export const isolationLevel = (isolation: string): IsolationLevel | undefined =>
  isolationLevels.find((level) => isolation.startsWith(`${level}:`));

/** Whether a jail is at least as strict as another one. */
export const isAtLeast = (level: IsolationLevel | undefined, least: IsolationLevel): boolean =>
  level !== undefined && isolationLevels.indexOf(level) >= isolationLevels.indexOf(least);
