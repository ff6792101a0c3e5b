import * as z from 'zod';
import { Tenant, Timestamp } from './common.ts';
import { Message } from './message.ts';

/** Who is to get a message: its kind, and its name within the tenant. */
export const ConsumerName = z.string().regex(/^webhook\/[a-z][a-z0-9-]{0,62}$/);
export type ConsumerName = z.infer<typeof ConsumerName>;

/**
 * What came of one try: `accepted` (2xx), `answered` with something else, `unreachable`, `refused` by us because its address
 * is none that we send to, `gone`: there is no such consumer any more, and no other try is made.
 */
export const TryOutcome = z.enum(['accepted', 'answered', 'unreachable', 'refused', 'gone']);
export type TryOutcome = z.infer<typeof TryOutcome>;

/** What a sender tells of a try. */
export const SendResult = z.strictObject({
  outcome: TryOutcome,
  status: z.int().optional().describe('Of the HTTP answer, where there was one'),
  reason: z.string().max(500).optional().describe('What was wrong, for people; never what the receiver answered'),
});
export type SendResult = z.infer<typeof SendResult>;

/** One try to deliver. */
export const DeliveryTry = z.strictObject({ at: Timestamp, ...SendResult.shape });
export type DeliveryTry = z.infer<typeof DeliveryTry>;

/** So many tries are kept of a delivery, the newest: more than one round of them has. */
export const maxKeptTries = 20;

/** A try takes 10 seconds at most; whoever has not told by then what came of it has died. */
export const claimSeconds = 60;

/** One message to one consumer: that it is owed, and what became of it. */
export const Delivery = z.strictObject({
  tenant: Tenant,
  consumer: ConsumerName,
  message: Message,
  status: z.enum(['pending', 'delivered', 'failed']).describe('`failed`: not tried any more, unless somebody asks'),
  tries: z.array(DeliveryTry).max(maxKeptTries).readonly().describe('The newest, the latest last'),
  tried: z.int().nonnegative().describe('Tries since it was made, or since somebody asked for more'),
  next_at: Timestamp.optional().describe('Of one that is pending: from then on whoever comes first tries it'),
  claimed_by: z.string().optional().describe('Of the try that is under way: it lapses at `next_at`'),
  consumer_made_at: Timestamp.optional().describe('Which one of the name is meant: another may have it by now'),
  created_at: Timestamp,
});
export type Delivery = z.infer<typeof Delivery>;

/** Which delivery. */
export const DeliveryRef = z.strictObject({
  tenant: Tenant,
  consumer: ConsumerName,
  message_id: Message.shape.id,
});
export type DeliveryRef = z.infer<typeof DeliveryRef>;
