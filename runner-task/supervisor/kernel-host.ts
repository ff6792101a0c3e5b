import type { Duplex, Readable } from 'node:stream';
import type { IsolationLevel } from '../../src/contracts/isolation.ts';
import type { WorkspaceLimits } from './kernel-limits.ts';
import type { KernelWatch, WatchFinding, WatchSettings } from './kernel-watch.ts';

/** What the first code of a kernel's process is told of the jail that it has to put up. */
export type JailSettings = { readonly at_most: IsolationLevel; readonly memory_bytes: number };

/** A kernel's process as its host has it. What is said over its channel is not the host's matter. */
export type HostedProcess = {
  /** Its number where it runs; undefined until it does. */
  readonly pid: number | undefined;
  readonly channel: Duplex;
  /** What it prints. */
  readonly output: readonly Readable[];
  /** How it ended or why it never began, after the last of its output. */
  readonly ended: Promise<string>;
  /** Sends it SIGINT. */
  interrupt(): void;
  /** Ends it and everything it started. */
  kill(): void;
  /** Tells the watch over it what to watch. `found` is told once what it holds too much of; then it is killed. */
  watch(settings: WatchSettings, found: (what: WatchFinding) => void): KernelWatch;
};

/** The folder of a session, the one that its code may write to. */
export type Workspace = {
  readonly folder: string;
  /** Whether it has a disk of its own, of which the system keeps the limits. */
  readonly has_own_disk: boolean;
  /** When no process works in it any more. */
  empty(): Promise<void>;
  remove(): Promise<void>;
};

/** Where kernels run and their workspaces lie: here, or in a container of their own. */
export type KernelHost = {
  startKernel(jail: JailSettings): HostedProcess;
  makeWorkspace(limits: WorkspaceLimits): Promise<Workspace>;
};
