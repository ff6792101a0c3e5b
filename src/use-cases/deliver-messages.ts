import { claimSeconds, type Delivery, type DeliveryRef, type SendResult } from '../contracts/delivery.ts';
import { toFailure } from '../contracts/failure.ts';
import { isUnreadable } from '../contracts/is-unreadable.ts';
import { measuredLines } from '../contracts/measured-lines.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { createSendingRoom } from '../domain/messages/sending-room.ts';
import { triedDelivery } from '../domain/messages/tried-delivery.ts';
import type { PortsOf } from '../ports/port-access.ts';
import { sendToWebhook } from './send-to-webhook.ts';

type DeliverPorts = PortsOf<'deliver-messages'>;
type Delivered = TaskOutput<'deliver-messages'>;

/**
 * So many are tried at once in a process, however many calls there are, which come one a message: a backlog opens no thousand
 * connections, and a receiver that answers slowly keeps few others waiting. Nothing is claimed before there is room.
 */
const room = createSendingRoom({ all: 16, each: 4 });
const perRound = 100;
/** A function ends after 900 seconds; what is due still is looked for a minute later. */
const maxSeconds = 600;

/**
 * Tries the deliveries that are named, or all that are due. Each is claimed first, so of any number of calls at once one makes
 * the try. What came of it is recorded, with the time of the next, or that it is given up.
 */
export const deliverMessages = async (
  ports: DeliverPorts,
  { deliveries }: TaskInput<'deliver-messages'>,
): Promise<Delivered> => {
  if (deliveries !== undefined) return tryAll(ports, deliveries);
  const end = ports.clock.now().getTime() + maxSeconds * 1_000;
  let all = none;
  while (ports.clock.now().getTime() < end) {
    const due = await ports.deliveries.listDue(ports.clock.now().toISOString(), perRound);
    const made = await tryAll(ports, due);
    // The list may lag, and name what others have tried: a round without a try is the last.
    if (made.delivered + made.failed + made.again === 0) break;
    all = added(all, made);
  }
  return all;
};

const tryAll = async (ports: DeliverPorts, refs: readonly DeliveryRef[]): Promise<Delivered> => {
  const tried = await Promise.all(
    refs.map((ref) => room.run(`${ref.tenant}/${ref.consumer}`, () => tryOrTell(ports, ref))),
  );
  return tried.reduce<Delivered>((made, status) => (status === undefined ? made : added(made, counted[status])), none);
};

/** One that cannot be tried does not keep the others from it. */
const tryOrTell = async (ports: DeliverPorts, ref: DeliveryRef): Promise<Delivery['status'] | undefined> => {
  try {
    return await tryOne(ports, ref);
  } catch (thrown) {
    const error = toFailure(thrown);
    if (isUnreadable(thrown))
      ports.log.error(measuredLines.deliveryFailed, { ...ref, error, reason: 'The delivery cannot be read.' });
    else ports.log.error('delivery not tried', { ...ref, error });
    return undefined;
  }
};

const none: Delivered = { delivered: 0, failed: 0, again: 0 };

const counted: Readonly<Record<Delivery['status'], Delivered>> = {
  delivered: { delivered: 1, failed: 0, again: 0 },
  failed: { delivered: 0, failed: 1, again: 0 },
  pending: { delivered: 0, failed: 0, again: 1 },
};

const added = (a: Delivered, b: Delivered): Delivered => ({
  delivered: a.delivered + b.delivered,
  failed: a.failed + b.failed,
  again: a.again + b.again,
});

/** How the delivery stands after a try; undefined where somebody else makes it, or it is not due. */
const tryOne = async (ports: DeliverPorts, ref: DeliveryRef): Promise<Delivery['status'] | undefined> => {
  const now = ports.clock.now();
  const until = new Date(now.getTime() + claimSeconds * 1_000).toISOString();
  const by = ports.clock.newRunId();
  const delivery = await ports.deliveries.claim(ref, { by, now: now.toISOString(), until });
  if (delivery === undefined) return undefined;
  const result = await send(ports, delivery);
  const change = triedDelivery(delivery, { at: now.toISOString(), ...result }, ports.clock.now());
  const recorded = await ports.deliveries.record(ref, by, change);
  const { tenant, consumer, message_id } = ref;
  const told = { tenant, consumer, message_id, tried: change.tried, ...result, next_at: change.next_at };
  if (change.status === 'failed') ports.log.warn(measuredLines.deliveryFailed, told);
  else ports.log.info(change.status === 'delivered' ? 'message delivered' : 'message not delivered yet', told);
  return recorded ? change.status : undefined;
};

/** What fails here lies with us: it counts as a try all the same, so that nothing is tried for ever. */
const send = async (ports: DeliverPorts, delivery: Delivery): Promise<SendResult> => {
  try {
    return await sendToWebhook(ports, delivery);
  } catch (thrown) {
    const { tenant, consumer, message } = delivery;
    const failure = toFailure(thrown);
    ports.log.error('message could not be sent', { tenant, consumer, message_id: message.id, error: failure });
    return { outcome: 'unreachable', reason: `Surveyor could not send it: ${failure.kind}.` };
  }
};
