import type * as z from 'zod';
import { Failure } from './failure.ts';

/**
 * What was stored, checked against its contract: a store outlives the code that wrote it and can be changed by others, so
 * it is a boundary like any other. Costs microseconds a document. Fails with STORAGE_FAILED.
 */
export const storedDocument = <T>(schema: z.ZodType<T>, stored: unknown, where: string): T => {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'STORAGE_FAILED',
    `A document in ${where} is not what Surveyor stores there (${placeOf(parsed.error)}). Something else changed it, or a newer Surveyor wrote it: restore it from a backup, or use the version that wrote it.`,
    { where, cause: parsed.error },
  );
};

/** Stored text as JSON. What is not JSON comes back as undefined, which no contract accepts. */
export const storedJson = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * A document as the text that is stored: as its readers will take it. What they would refuse is refused here, where it is known
 * what made it, and leaves nothing behind that could never be read again. Fails with INTERNAL.
 */
export const storableText = <T>(schema: z.ZodType<T>, document: T, where: string): string => {
  // What JSON does not know (undefined, NaN, dates) is judged as it will come back.
  const text = JSON.stringify(document);
  const parsed = schema.safeParse(storedJson(text));
  if (parsed.success) return text;
  throw new Failure(
    'INTERNAL',
    `A document for ${where} is not stored, because it could not be read again (${placeOf(parsed.error)}).`,
    {
      where,
      // No cause of a check: what is stored already is not what is wrong.
      cause: new Error(parsed.error.message),
    },
  );
};

/** What of an object was not as its schema says, and where. */
const placeOf = ({ issues: [issue] }: z.ZodError): string => {
  const place = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  return `${place}: ${issue?.message ?? 'unreadable'}`;
};
