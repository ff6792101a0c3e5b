import type { ToolName } from '../../contracts/agent.ts';

/** A tool call of the analyst. */
export type Call = { readonly id: string; readonly name: ToolName; readonly input: Readonly<Record<string, string>> };

/** What the analyst does next: it says something and calls tools, or it is done. */
export type Move = { readonly say: string; readonly calls: readonly Call[] };

/** How far a conversation has come, as the analyst needs to know it. */
export type Progress = {
  readonly turn: number;
  readonly results: ReadonlyMap<string, { readonly text: string; readonly is_error: boolean }>;
  /** The budget runs low, or this is the last turn: only the report may follow. */
  readonly mustSubmit: boolean;
};
