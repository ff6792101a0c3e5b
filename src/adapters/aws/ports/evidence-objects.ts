import { placed } from './placed.ts';

/** Evidence with its whole results. */
export const evidenceObjects = placed('evidenceObjects');
