import * as z from 'zod';
import { parseNetworks } from '../../address-guard.ts';
import { httpsWebhookSender } from '../../https-webhook-sender.ts';
import { awsPort } from './aws-port.ts';

/** The sender to webhooks: outside the VPC, so it reaches the open internet and nothing else. */
export const webhookSender = awsPort(
  z.object({
    SURVEYOR_WEBHOOK_NETWORKS: z
      .string()
      .default('')
      .transform(parseNetworks)
      .refine((networks) => networks !== undefined, { error: 'is not a list of networks' }),
  }),
  ({ SURVEYOR_WEBHOOK_NETWORKS }) => httpsWebhookSender({ networks: SURVEYOR_WEBHOOK_NETWORKS }),
);
