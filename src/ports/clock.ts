/** The time and what is unguessable, so that tests can fix both. */
export type Clock = { now(): Date; newRunId(): string };
