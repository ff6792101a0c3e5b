import { createHash } from 'node:crypto';
import type { CountedUsage, ReceivedBody } from './messages-api-request.ts';

/** How far the service looks back from a breakpoint for something cached, the breakpoint itself counted. */
const lookback = 20;
/** Prefixes shorter than this are not cached. */
const leastCached = 1_024;

type CountedBlock = { readonly tokens: number; readonly hash: string; readonly marked: boolean };

/** Every block in the order in which it is cached, with the hash of all up to it. */
export const countBlocks = (body: ReceivedBody): readonly CountedBlock[] => {
  const blocks = [
    ...body.tools.map((block) => ({ at: 'tool', block })),
    ...body.system.map((block) => ({ at: 'system', block })),
    ...body.messages.flatMap(({ role, content }) => content.map((block) => ({ at: role, block }))),
  ];
  let hash = '';
  return blocks.map(({ at, block: { cache_control: mark, ...block } }) => {
    const text = JSON.stringify([at, block]);
    hash = createHash('sha256').update(body.model).update(hash).update(text).digest('hex');
    return { tokens: Math.ceil(Buffer.byteLength(text) / 4), hash, marked: mark !== undefined };
  });
};

/** What a request is charged, and what it leaves in the cache. */
export const chargeRequest = (body: ReceivedBody, cache: Set<string>): CountedUsage => {
  const blocks = countBlocks(body);
  const upTo: number[] = [];
  for (const { tokens } of blocks) upTo.push((upTo.at(-1) ?? 0) + tokens);
  const breakpoints = blocks.flatMap(({ marked }, index) =>
    marked && (upTo[index] ?? 0) >= leastCached ? [index] : [],
  );
  const hit = breakpoints.toReversed().flatMap((at) =>
    Array.from({ length: Math.min(lookback, at + 1) }, (_, back) => at - back)
      .filter((index) => cache.has(blocks[index]?.hash ?? ''))
      .slice(0, 1),
  );
  const read = hit.length === 0 ? 0 : (upTo[Math.max(...hit)] ?? 0);
  const written = Math.max(0, (upTo[breakpoints.at(-1) ?? -1] ?? 0) - read);
  for (const at of breakpoints) cache.add(blocks[at]?.hash ?? '');
  return {
    input_tokens: (upTo.at(-1) ?? 0) - read - written,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
  };
};
