import * as z from 'zod';
import { Name, RunId } from './common.ts';

/** The path of a route that is about one run. */
export const RunParams = z.strictObject({ id: RunId });

/** The path of a route that is about one thing with a name. */
export const NameParams = z.strictObject({ name: Name });
