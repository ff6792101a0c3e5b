import type { DeliveryPage, DeliveryView, WebhookPage, WebhookView } from '../../src/contracts/webhook.ts';
import { printable } from '../progress/fit-text.ts';
import { programName } from '../program-name.ts';
import { moreText } from './more-text.ts';
import { alignColumns } from './terminal.ts';
import { unreadableText } from './unreadable-text.ts';

/** Said where a webhook is shown and no service runs that would send to it. */
export const noSenderNote = `No service runs, and only a running one sends messages. Start it: ${programName} up --detach`;

const toMinute = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** A page of webhooks as a table. */
export const webhooksTable = ({ webhooks, unreadable, next_cursor }: WebhookPage): string => {
  if (webhooks.length === 0 && unreadable === undefined && next_cursor === undefined)
    return `No webhooks yet. Add one: ${programName} webhooks add chat https://hooks.example/surveyor`;
  const rows = webhooks.map(({ name, url, types, paused, changed_at }) => [
    name,
    printable(url),
    types.join(', '),
    toMinute(changed_at),
    paused ? 'paused' : '',
  ]);
  const table = alignColumns([['WEBHOOK', 'URL', 'MESSAGES', 'SINCE (UTC)', ''], ...rows]);
  return [table, ...unreadableText(unreadable), ...moreText('webhooks list', next_cursor)].join('\n');
};

/** One webhook, and its key where it is new. */
export const webhookText = (webhook: WebhookView): string => {
  const { name, url, types, paused, created_by, changed_at, old_key_until, signing_key } = webhook;
  const rows: readonly (readonly [what: string, value: string | undefined])[] = [
    ['name', name],
    ['url', url],
    ['messages', types.join(', ')],
    ['paused', paused ? 'yes' : undefined],
    ['made by', created_by.label ?? created_by.id],
    ['changed', changed_at],
    ['old key', old_key_until && `signs too until ${old_key_until}`],
    ['key', signing_key],
  ];
  const text = alignColumns(rows.flatMap(([what, value]) => (value === undefined ? [] : [[what, printable(value)]])));
  return signing_key === undefined
    ? text
    : `${text}\nThe key is shown this once. The receiver checks signatures with it.`;
};

const lastOf = ({ tries }: DeliveryView): string => {
  const last = tries.at(-1);
  if (last === undefined) return '';
  return [last.outcome, last.status, last.reason].filter((part) => part !== undefined).join(' ');
};

/** A page of deliveries as a table. */
export const deliveriesTable = (name: string, { deliveries, unreadable, next_cursor }: DeliveryPage): string => {
  if (deliveries.length === 0 && unreadable === undefined && next_cursor === undefined)
    return `Nothing was to be sent to ${name} yet.`;
  const rows = deliveries.map((delivery) => [
    delivery.message.id,
    delivery.status,
    String(delivery.tries.length),
    delivery.next_at === undefined ? '' : toMinute(delivery.next_at),
    printable(lastOf(delivery)),
  ]);
  const table = alignColumns([['MESSAGE', 'STATUS', 'TRIES', 'NEXT (UTC)', 'LAST TRY'], ...rows]);
  return [table, ...unreadableText(unreadable), ...moreText(`webhooks deliveries ${name}`, next_cursor)].join('\n');
};
