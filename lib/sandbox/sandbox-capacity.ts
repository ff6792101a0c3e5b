import type { Node } from 'constructs';
import { defaultSandboxPlaces } from '../../src/contracts/sandbox-places.ts';
import { contextText, wrongContext } from '../context.ts';

/** All places are looked at in each take: some hundreds are one query, and more runs than an account lets start at once. */
const maxSandboxes = 500;

/**
 * How many sandboxes there may be at once (`sandboxes`, 4) and how many of them are started before anybody asks
 * (`warmSandboxes`, 0: they cost money), as variables of the functions. Fails with how a wrong value is written.
 */
export const sandboxCapacity = (node: Node): Readonly<Record<string, string>> => {
  const places = count(node, 'sandboxes', defaultSandboxPlaces, 1, maxSandboxes);
  const warm = count(node, 'warmSandboxes', 0, 0, places);
  return { SANDBOX_PLACES: String(places), SANDBOX_WARM: String(warm) };
};

const count = (node: Node, key: 'sandboxes' | 'warmSandboxes', usual: number, min: number, max: number): number => {
  const text = contextText(node, key);
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  return wrongContext(
    key,
    text,
    key === 'warmSandboxes'
      ? `a whole number from ${min} to ${max}, which is how many sandboxes there may be`
      : `a whole number from ${min} to ${max}`,
  );
};
