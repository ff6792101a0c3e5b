import * as z from 'zod';
import { Failure } from './failure.ts';

/** Whether something failed because what is stored is not what its contract says: another try will not mend that. */
export const isUnreadable = (thrown: unknown): thrown is Failure =>
  thrown instanceof Failure && thrown.kind === 'STORAGE_FAILED' && thrown.cause instanceof z.ZodError;
