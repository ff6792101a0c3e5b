import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { type SignedContent, signMessage } from '../../../src/domain/webhook/sign-message.ts';

const newKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const key = newKey();
const now = (): number => Math.floor(Date.now() / 1000);
const signed = (changes: Partial<SignedContent> = {}, keys: readonly string[] = [key]) => {
  const content = { id: 'run-1-started', timestamp: now(), body: '{"name":"Bestellungen für 株式会社"}', ...changes };
  return { body: content.body, headers: signMessage(content, keys) };
};
const minutes = 60;

describe('the signature of a message', () => {
  it('is what a verifier of the Standard Webhooks takes', () => {
    const { body, headers } = signed();
    expect(new Webhook(key).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('is the example of the specification, to the letter', () => {
    const content = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signMessage(content, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
      'webhook-id': content.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it.each([
    ['replayed after more than five minutes', () => signed({ timestamp: now() - 5 * minutes - 2 }), 'too old'],
    ['of a time that is still to come', () => signed({ timestamp: now() + 5 * minutes + 5 }), 'too new'],
  ])('is refused where it is %s', (_, make, problem) => {
    const { body, headers } = make();
    expect(() => new Webhook(key).verify(body, headers)).toThrow(problem);
  });

  it.each([
    ['the body', (): ReturnType<typeof signed> => ({ ...signed(), body: '{"name":"another"}' })],
    ['the id', () => ({ ...signed(), headers: { ...signed().headers, 'webhook-id': 'run-2-started' } })],
    [
      'the time, to send it again later',
      () => ({
        ...signed(),
        headers: { ...signed({ timestamp: now() - 60 * minutes }).headers, 'webhook-timestamp': String(now()) },
      }),
    ],
    ['the key', () => signed({}, [newKey()])],
  ])('does not hold for another than was signed: %s', (_, make) => {
    const { body, headers } = make();
    expect(() => new Webhook(key).verify(body, headers)).toThrow('No matching signature');
  });

  it('holds with the key before and with the new one, while both sign', () => {
    const fresh = newKey();
    const { body, headers } = signed({}, [fresh, key]);
    for (const one of [fresh, key]) expect(new Webhook(one).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newKey()).verify(body, headers)).toThrow('No matching signature');
  });

  it('is of the whole text, so that an id with a dot moves nothing', () => {
    const content = { id: 'a', timestamp: 1, body: '2.{}' };
    const expected = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update('a.1.2.{}')
      .digest('base64');
    expect(signMessage(content, [key])['webhook-signature']).toBe(`v1,${expected}`);
  });
});
