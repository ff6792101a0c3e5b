import { placed } from './placed.ts';

/** The published reports. */
export const reports = placed('reports');
