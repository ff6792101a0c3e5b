import * as z from 'zod';
import { Name } from './common.ts';

const common = {
  id: Name,
  after: z
    .array(Name)
    .readonly()
    .default([])
    .describe('The nodes whose results this one needs; it runs only if they succeeded'),
  timeout_seconds: z.int().positive().max(86_400).optional(),
};

/** Measures every table of the run's database. Needs a sandbox. */
export const ProfileNode = z.strictObject({
  ...common,
  type: z.literal('PROFILE'),
  max_parallel: z.int().positive().max(40).default(2),
});
export type ProfileNode = z.infer<typeof ProfileNode>;

/** Lets an agent work until it has submitted its report. */
export const AgentNode = z.strictObject({
  ...common,
  type: z.literal('AGENT'),
  agent: Name.describe('A file of prompts/'),
  sandbox: z
    .boolean()
    .default(true)
    .describe('Whether one is held for it; without, its tools run no statement and no code'),
});
export type AgentNode = z.infer<typeof AgentNode>;

/** One typed node of a chain. */
export const ChainNode = z.discriminatedUnion('type', [ProfileNode, AgentNode]);
export type ChainNode = z.infer<typeof ChainNode>;

/** A versioned DAG of typed nodes, plain data; compiled to Amazon States Language. */
export const Chain = z.strictObject({
  name: Name,
  version: z.int().positive(),
  description: z.string(),
  timeout_seconds: z.int().positive().max(86_400).default(7_200),
  opens_sources: z
    .boolean()
    .default(false)
    .describe('Whether the run opens its sources even where no node needs a sandbox'),
  request: z
    .literal('catalog')
    .optional()
    .describe(
      'What its executions may begin with in the place of a run: a request as POST /catalog takes it, and the tenant',
    ),
  nodes: z.array(ChainNode).max(100).readonly(),
});
export type Chain = z.infer<typeof Chain>;
