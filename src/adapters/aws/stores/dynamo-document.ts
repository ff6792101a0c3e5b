import * as z from 'zod';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Failure } from '../../../contracts/failure.ts';
import { Step } from '../../../contracts/step.ts';
import { storableText, storedJson } from '../../../contracts/stored-document.ts';

/** An item holds 400 KB, keys and names included; these leave room for them. */
const largestPlain = 300_000;
const largestPacked = 390_000;

/** Pages of packed steps: a transaction takes 4 MB, and each of 11 pages stays below an item’s limit. */
const pageBytes = 350_000;
const mostPages = 11;

/**
 * A document as attributes: as it is, so that it can be read in the console, or compressed where it is large. Fails with
 * REQUEST_TOO_LARGE on one that is too large even so, with INTERNAL on one that could not be read again.
 */
export const documentAttributes = <T>(
  what: string,
  schema: z.ZodType<T>,
  document: NoInfer<T>,
): Readonly<Record<string, unknown>> => {
  const json = storableText(schema, document, what);
  if (Buffer.byteLength(json) <= largestPlain) return { document: JSON.parse(json) as unknown };
  const packed = gzipSync(json);
  if (packed.byteLength <= largestPacked) return { packed };
  throw tooLarge(`${what} has ${packed.byteLength} bytes compressed, and the run store takes ${largestPacked}.`);
};

/**
 * A part of a document as a value of an update, without explicit undefined, which is an error to DynamoDB. Fails with INTERNAL on
 * one by which the document could not be read again.
 */
export const plain = <T>(what: string, schema: z.ZodType<T>, value: NoInfer<T>): unknown =>
  storedJson(storableText(schema, value, what));

/** What was stored by `documentAttributes`. */
export const documentOf = (item: Readonly<Record<string, unknown>>): unknown => {
  const { document, packed } = item;
  return packed instanceof Uint8Array ? unpacked([packed]) : document;
};

/** The steps of a run as attributes of one or more items. Fails with REQUEST_TOO_LARGE on far too many. */
export const stepPages = (
  steps: readonly Step[],
): readonly { readonly pages: number; readonly packed: Uint8Array }[] => {
  const packed = gzipSync(storableText(z.array(Step).readonly(), steps, 'the steps of a run'));
  const pages = Math.ceil(packed.byteLength / pageBytes);
  if (pages > mostPages)
    throw tooLarge(
      `The ${steps.length} steps of the run have ${packed.byteLength} bytes compressed, and the run store takes ${mostPages * pageBytes}.`,
    );
  return Array.from({ length: pages }, (_, page) => ({
    pages,
    packed: packed.subarray(page * pageBytes, (page + 1) * pageBytes),
  }));
};

/** The steps of a run from its pages in order; pages of an earlier, longer list are left out. */
export const stepsOf = (items: readonly Readonly<Record<string, unknown>>[]): unknown => {
  const pages = items.slice(0, Number(items[0]?.['pages'] ?? 0));
  return pages.length === 0
    ? []
    : unpacked(pages.flatMap(({ packed }) => (packed instanceof Uint8Array ? [packed] : [])));
};

/** What does not unpack comes back as undefined, which no contract accepts. */
const unpacked = (parts: readonly Uint8Array[]): unknown => {
  try {
    return JSON.parse(gunzipSync(Buffer.concat(parts)).toString('utf8'));
  } catch {
    return undefined;
  }
};

const tooLarge = (message: string): Failure => new Failure('REQUEST_TOO_LARGE', `${message} Make it smaller.`);
