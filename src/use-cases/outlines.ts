import * as z from 'zod';
import type { TableOutline } from '../domain/rules/rule.ts';

/** What the rules know of all tables of a source. Ours and of one run, and read once for each table: it is not looked through again. */
export const Outlines = z.custom<readonly TableOutline[]>(Array.isArray);
