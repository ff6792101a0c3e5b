import type { TableDefinition } from '../dataset.ts';
import type { GeneratedRow } from '../generated-row.ts';
import { days, lastDay, minutes, timestampText } from '../moment.ts';
import { card, ipAddress, person, phone } from '../people.ts';
import { rowPicker, seededRandom, withDuplicates } from '../seeded-random.ts';
import { openingSentence, subjects } from './phrases.ts';

const columns = {
  ticket_id: { type: 'BIGINT', description: 'Number of the ticket' },
  created_at: { type: 'TIMESTAMP', description: 'When the customer wrote, UTC' },
  first_reply_at: { type: 'TIMESTAMP', description: 'When someone answered, UTC' },
  resolved_at: { type: 'TIMESTAMP', description: 'When the ticket was closed, UTC; empty while it is open' },
  customer_name: { type: 'VARCHAR', description: 'Who wrote' },
  customer_email: { type: 'VARCHAR', description: 'The address it came from' },
  client_ip: { type: 'VARCHAR', description: 'Address of the network the form was sent from' },
  channel: { type: 'VARCHAR', description: 'How the customer wrote' },
  priority: { type: 'VARCHAR', description: 'low, normal, high or urgent' },
  category: { type: 'VARCHAR', description: 'What it is about' },
  subject: { type: 'VARCHAR', description: 'First line of the message' },
  message: { type: 'VARCHAR', description: 'The message as it came in' },
  assignee: { type: 'VARCHAR', description: 'Who works on it' },
  reply_minutes: { type: 'BIGINT', description: 'Minutes from created_at to first_reply_at' },
  satisfaction: { type: 'BIGINT', description: 'The customer’s mark, 1 (bad) to 5 (good); empty where none was given' },
  region: { type: 'VARCHAR', description: 'Support centre' },
} as const;
type Ticket = GeneratedRow<keyof typeof columns>;

const assignees = ['A. Novák', 'C. Silva', 'D. Weber', 'F. Khan', 'L. Moreau', 'M. Nielsen', 'S. Kaya'] as const;

const clean = 6_396;
const duplicates = 21;

const generate = (): readonly Ticket[] => {
  const random = seededRandom(20_250_711);
  const moments = Array.from({ length: clean }, () => {
    const daysAgo = random.next() * 265;
    // Nothing arrived for five days: the mail gateway was down.
    return lastDay - days(daysAgo > 61 && daysAgo < 66 ? daysAgo + 5 : daysAgo);
  }).toSorted((a, b) => a - b);
  const rows = moments.map((createdAt, i): Ticket => {
    const { name, email } = person(random, random.integer(1, 3_000));
    const category = random.weighted([
      ['delivery', 34],
      ['payment', 19],
      ['returns', 21],
      ['account', 12],
      ['product', 14],
    ]);
    const subject = random.pick(subjects[category]);
    const replyMinutes = random.integer(3, 40) * random.integer(1, 12);
    const isOpen = random.chance(0.07);
    return {
      ticket_id: 40_001 + i,
      created_at: timestampText(createdAt),
      first_reply_at: timestampText(createdAt + minutes(replyMinutes)),
      resolved_at: isOpen ? null : timestampText(createdAt + minutes(replyMinutes + random.integer(10, 6_000))),
      customer_name: name,
      customer_email: email,
      client_ip: ipAddress(random),
      channel: random.weighted([
        ['email', 52],
        ['web form', 30],
        ['chat', 18],
      ]),
      priority: random.weighted([
        ['normal', 58],
        ['low', 19],
        ['high', 17],
        ['urgent', 6],
      ]),
      category,
      subject,
      message: openingSentence(random, subject),
      assignee: random.pick(assignees),
      reply_minutes: replyMinutes,
      satisfaction: random.chance(0.42)
        ? random.weighted([
            [5, 41],
            [4, 27],
            [3, 14],
            [2, 8],
            [1, 10],
          ])
        : null,
      region: 'EU-Central',
    };
  });
  const take = rowPicker(random, rows);
  for (const row of take(203)) row.assignee = null;
  for (const row of take(96)) row.customer_email = null;
  for (const row of take(74, (row) => row.priority === 'high')) row.priority = random.pick(['High', 'HIGH']);
  for (const row of take(112, (row) => row.channel === 'email')) row.channel = random.pick(['Email', 'EMAIL']);
  for (const row of take(52, (row) => row.resolved_at !== null)) {
    row.resolved_at = timestampText(Date.parse(`${String(row.created_at)}Z`) - minutes(random.integer(300, 9_000)));
  }
  for (const row of take(33)) row.satisfaction = 99;
  for (const row of take(29)) row.reply_minutes = Number(row.reply_minutes) * 60 + 36_000;
  for (const row of take(18)) row.reply_minutes = -random.integer(1, 500);
  for (const row of take(4))
    row.created_at = timestampText(Date.UTC(2062, random.integer(0, 11), random.integer(1, 28)));
  for (const row of take(26))
    row.message = `${String(row.message)} My card is ${card(random)}, please refund it there.`;
  for (const row of take(88)) row.message = `${String(row.message)} Call me back on ${phone(random, '49')}.`;
  for (const row of take(47)) row.message = '   ';
  return withDuplicates(rows, take(duplicates));
};

/** What customers wrote to the shop’s support. */
export const tickets: TableDefinition = {
  name: 'tickets',
  description: 'Every support ticket of the last nine months',
  columns,
  rows: clean + duplicates,
  sha256: 'a56aa4a0249d0304dac0a3386bfbced86169a8861f299ac76a7821b152f978c3',
  generate,
};
