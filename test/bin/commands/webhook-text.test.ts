import { describe, expect, it } from 'vitest';
import { deliveriesTable, webhookText, webhooksTable } from '../../../bin/commands/webhook-text.ts';
import { routeExamples } from '../../../src/contracts/route-examples.ts';

const { signing_key, ...chat } = routeExamples.createWebhook.answer;
const [delivery] = routeExamples.listDeliveries.answer.deliveries;
if (delivery === undefined) throw new Error('the example has a delivery');

describe('what is printed of webhooks', () => {
  it('shows a new key, and says that it is shown once', () => {
    expect(webhookText({ ...chat, signing_key })).toMatch(
      /^name +chat\nurl +https:\/\/hooks.example\/surveyor\?channel=…\n.*\nkey +whsec_\S+\nThe key is shown this once\./s,
    );
    expect(webhookText(chat)).not.toContain('key');
  });

  it('says until when the key before signs', () => {
    const old_key_until = '2026-02-01T12:01:40.000Z';
    expect(webhookText({ ...chat, old_key_until })).toMatch(/\nold key +signs too until 2026-02-01T12:01:40.000Z$/);
  });

  it('lists them, and says how to make the first and how to go on', () => {
    expect(webhooksTable({ webhooks: [] })).toContain('webhooks add');
    const lines = webhooksTable({ webhooks: [{ ...chat, paused: true }], next_cursor: 'chat.1' }).split('\n');
    expect(lines[1]?.split(/ {2,}/)).toEqual([
      'chat',
      'https://hooks.example/surveyor?channel=…',
      'run-settled',
      '2026-01-31 12:00',
      'paused',
    ]);
    expect(lines[2]).toMatch(/webhooks list --cursor chat\.1$/);
  });

  it('lists messages with their last try and their next', () => {
    const [, line] = deliveriesTable('chat', { deliveries: [delivery] }).split('\n');
    expect(line?.split(/ {2,}/)).toEqual([delivery.message.id, 'pending', '1', '2026-01-31 12:02', 'answered 503']);
    expect(deliveriesTable('chat', { deliveries: [] })).toBe('Nothing was to be sent to chat yet.');
  });
});
