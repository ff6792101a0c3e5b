import { vi } from 'vitest';
import type * as z from 'zod';

/** Writes as a newer version would, whose contract takes what ours refuses. */
export const asNewerVersion = async <T>(schema: z.ZodType, write: () => Promise<T>): Promise<T> => {
  const judge = vi.spyOn(schema, 'safeParse').mockImplementation((data) => ({ success: true, data }));
  try {
    return await write();
  } finally {
    judge.mockRestore();
  }
};
