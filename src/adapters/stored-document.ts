import type * as z from 'zod';
import { Failure } from '../contracts/failure.ts';

/**
 * What was stored, checked against its contract: a store outlives the code that wrote it and can be changed by others, so
 * it is a boundary like any other. Costs microseconds a document. Fails with STORAGE_FAILED.
 */
export const storedDocument = <T>(schema: z.ZodType<T>, stored: unknown, where: string): T => {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  throw new Failure(
    'STORAGE_FAILED',
    `A document in ${where} is not what Surveyor stores there (${place}: ${issue?.message ?? 'unreadable'}). Something else changed it, or a newer Surveyor wrote it: restore it from a backup, or use the version that wrote it.`,
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
