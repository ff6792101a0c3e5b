import { placed } from './placed.ts';

/** What runs keep of their work. */
export const documents = placed('documents');
