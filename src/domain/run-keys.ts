import { createHash } from 'node:crypto';
import type { Evidence } from '../contracts/evidence.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where what belongs to one run lies in the object store, below `_runs/`, which no report prefix can reach. */
export const runKeys = (runId: string) => {
  const run = `_runs/${runId}`;
  return {
    /** A source's schema as the sandbox read it: `DatabaseSchema`, the run's own tables alone. */
    schema: (source: string): string => `${run}/sources/${source}/schema.json`,
    /** Why a source could not be opened: `FailureReport`. */
    sourceFailure: (source: string): string => `${run}/sources/${source}/failure.json`,
    /** Tables that one execution works on: `TableChunk`. */
    chunk: (chunk: string): string => `${run}/chunks/${chunk}.json`,
    /** What became of them: `TableOutcome[]`. */
    outcomes: (chunk: string): string => `${run}/chunks/${chunk}.outcomes.json`,
    /** What was measured: `RunProfile`. */
    profile: `${run}/profile.json`,
    /** What changed since the run before: `Drift`. */
    drift: `${run}/drift.json`,
    /** What the rules came to: `Findings`. */
    findings: `${run}/findings.json`,
    /** What has become of the findings of the runs before: `FindingChanges`. */
    findingChanges: `${run}/finding-changes.json`,
    /** What the run came to in numbers: `RunTotals`. */
    totals: `${run}/totals.json`,
    /** One measured table: `TableProfile`. The name is hashed because a table's name may hold any character. */
    tableProfile: (source: string, table: string): string => `${run}/sources/${source}/profiles/${sha256(table)}.json`,
    /** Why a table could not be measured: `FailureReport`. A state's payload has no room for a thousand messages. */
    tableFailure: (source: string, table: string): string =>
      `${run}/sources/${source}/profiles/${sha256(table)}.failure.json`,
    /** The tables of a source that the run was not asked for: `string[]`. */
    tablesNotAsked: (source: string): string => `${run}/sources/${source}/not-asked.json`,
    /** What rules know of all measured tables of a source: `TableOutline[]`. */
    outlines: (source: string): string => `${run}/sources/${source}/outlines.json`,
    /** What the rules came to on one table: `TableFindings`. */
    tableFindings: (source: string, table: string): string => `${run}/sources/${source}/findings/${sha256(table)}.json`,
    /** An agent's own findings: `Finding[]`. */
    agentFindings: (agent: string): string => `${run}/agents/${agent}/findings.json`,
    /** The conversation of an agent up to the end of a turn. */
    conversation: (agent: string, turn: number): string => `${run}/agents/${agent}/conversation/${turn}.json`,
    /** The result of one tool call, by the id the model gave the call; hashed because a model may answer anything. */
    toolResult: (agent: string, callId: string): string => `${run}/agents/${agent}/tools/${sha256(callId)}.json`,
  } as const;
};

/** Where a report and its JSON twin lie, in the caller's own part of the object store. */
export const reportKeys = (prefix: string, timestamp: string, agent: string) =>
  ({
    html: `${prefix}/${timestamp}/${agent}.html`,
    json: `${prefix}/${timestamp}/${agent}.json`,
  }) as const;

/** Where evidence lies: by the hash of its kind, text and result, so equal work of many runs is kept once. */
export const evidenceKey = (
  evidence: Pick<Evidence, 'kind' | 'text' | 'verdict' | 'result_hash' | 'preview'>,
): string =>
  `_evidence/${sha256(JSON.stringify([evidence.kind, evidence.text, evidence.verdict, evidence.result_hash ?? evidence.preview]))}.json`;

/** Where a result that evidence cites lies whole: the canonical JSON that the hash is of. */
export const evidenceResultKey = (resultHash: string): string => `_evidence/results/${resultHash}.json`;

/** The run's folder below its prefix: an ISO time whose colons, which some file systems refuse, are hyphens. */
export const reportTimestamp = (time: Date): string => time.toISOString().replaceAll(':', '-');

/** The secret that holds a source's inline connection string for as long as its run lives. */
export const inlineSecretName = (runId: string, source: string): string => `runs/${runId}/${source}`;

/** A secret for a named connection's string: each string gets its own, so that none is ever replaced by another. */
export const connectionSecretName = (name: string, id: string): string => `connections/${name}/${id}`;

/**
 * Where the secrets of webhooks lie. No name that somebody chooses holds an underscore, so that a role which may read these may
 * read no connection string.
 */
const webhookSecretFolder = '_webhooks';

/**
 * A secret for the URL and key of a webhook: every change gets its own. The second underscore is for the other way round: a webhook
 * may be called "connections", and to a role `*` is any text.
 */
export const webhookSecretName = (name: string, id: string): string => `${webhookSecretFolder}/_${name}/${id}`;

/** Whose secret it is, by its name. */
export const ownerOfSecret = (
  secret: string,
):
  | { readonly kind: 'run'; readonly run_id: string }
  | { readonly kind: 'connection' | 'webhook'; readonly name: string }
  | undefined => {
  const [folder, owner = ''] = secret.split('/');
  if (folder === 'runs') return { kind: 'run', run_id: owner };
  if (folder === 'connections') return { kind: 'connection', name: owner };
  // Some were made without the underscore before the name.
  return folder === webhookSecretFolder ? { kind: 'webhook', name: owner.replace(/^_/, '') } : undefined;
};
