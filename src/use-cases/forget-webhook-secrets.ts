import { toFailure } from '../contracts/failure.ts';
import type { Using } from '../ports/port-access.ts';

/** Deletes secrets of webhooks that nothing names any more. That one is not let go of is no failure of the request: it is swept later. */
export const forgetWebhookSecrets = async (
  { webhookSecrets, log }: Using<{ webhookSecrets: 'delete' }, 'log'>,
  tenant: string,
  names: readonly string[],
): Promise<void> => {
  for (const secret of names) {
    try {
      await webhookSecrets.delete(tenant, secret);
    } catch (thrown) {
      const { kind, message } = toFailure(thrown);
      log.error('secret not deleted', { secret, failure: kind, reason: message });
    }
  }
};
