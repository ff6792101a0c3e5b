import { secrets } from './secrets.ts';

/** URLs and keys of webhooks: the same store, of which their functions' roles open one place. */
export const webhookSecrets = secrets;
