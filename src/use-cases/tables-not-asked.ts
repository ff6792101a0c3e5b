import * as z from 'zod';

/** How many tables of a source were not asked for. A run of before that goes on may have kept their names. */
export const TablesNotAsked = z.union([z.int().positive(), z.array(z.string()).transform((names) => names.length)]);
