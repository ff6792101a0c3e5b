import * as z from 'zod';

/** Which page of a list: in a query everything is text, so numbers are coerced. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(512).optional(),
});
