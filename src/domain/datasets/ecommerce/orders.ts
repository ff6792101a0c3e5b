import type { TableDefinition } from '../dataset.ts';
import type { Cell, GeneratedRow } from '../generated-row.ts';
import { dateText, days, hours, lastDay, minutes, timestampText } from '../moment.ts';
import { card } from '../people.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { drawUntil, rowPicker, seededRandom, withDuplicates } from '../seeded-random.ts';
import { generateCustomers } from './customers.ts';
import { generateProducts } from './products.ts';

const columns = {
  order_id: { type: 'BIGINT', description: 'Number of the order' },
  customer_id: { type: 'BIGINT', description: 'Who ordered: customers.customer_id' },
  product_id: { type: 'BIGINT', description: 'What was ordered: products.product_id' },
  ordered_at: { type: 'TIMESTAMP', description: 'When the order was placed, UTC' },
  shipped_at: { type: 'TIMESTAMP', description: 'When it left the warehouse, UTC; empty while it has not' },
  quantity: { type: 'BIGINT', description: 'Pieces' },
  unit_price: { type: 'DOUBLE', description: 'Price of one piece in euros' },
  total: { type: 'DOUBLE', description: 'quantity × unit_price' },
  status: { type: 'VARCHAR', description: 'Where the order stands' },
  payment_method: { type: 'VARCHAR', description: 'How it was paid' },
  note: { type: 'VARCHAR', description: 'What the customer wrote to the shop' },
} as const;
type Order = GeneratedRow<keyof typeof columns>;

const notes = [
  'Please leave it with the neighbour on the second floor.',
  'Gift wrapping, please.',
  'Ring twice, the bell is quiet.',
  'Deliver after 5 pm if you can.',
  'Please do not fold.',
  'The gate code is on the door.',
] as const;

const clean = 10_673;
const duplicates = 27;
/** Days before the last one on which the shop took no order: the import stood still. */
const silence = { from: 97, to: 89 } as const;

const orderedDaysAgo = (random: SeededRandom): number => {
  // Squared: the shop grows, so later days have more orders.
  const daysAgo = 540 * random.next() * random.next();
  return daysAgo > silence.to && daysAgo < silence.from ? daysAgo + (silence.from - silence.to) : daysAgo;
};

const generate = (): readonly Order[] => {
  const random = seededRandom(20_250_703);
  const customers = generateCustomers();
  const products = generateProducts();
  const customer = (suits: (signupDate: string) => boolean): Cell =>
    drawUntil(
      () => random.pick(customers),
      (drawn) => suits(String(drawn.signup_date)),
    ).customer_id;
  const moments = Array.from({ length: clean }, () => lastDay - days(orderedDaysAgo(random))).toSorted((a, b) => a - b);
  const rows = moments.map((orderedAt, i): Order => {
    const day = dateText(orderedAt);
    const product = drawUntil(
      () => random.pick(products),
      (drawn) => String(drawn.launched_on) <= day,
    );
    const quantity = random.weighted([
      [1, 62],
      [2, 22],
      [3, 9],
      [4, 4],
      [6, 3],
    ]);
    const unitPrice = Number(product.price) || 9.9;
    const status = random.weighted([
      ['delivered', 71],
      ['shipped', 12],
      ['returned', 6],
      ['cancelled', 5],
      ['pending', 6],
    ]);
    const isShipped = status !== 'pending' && status !== 'cancelled';
    return {
      order_id: 100_001 + i,
      customer_id: customer((signupDate) => signupDate <= day),
      product_id: product.product_id,
      ordered_at: timestampText(orderedAt),
      shipped_at: isShipped ? timestampText(orderedAt + hours(5) + minutes(random.integer(0, 5_200))) : null,
      quantity,
      unit_price: unitPrice,
      total: Math.round(quantity * unitPrice * 100) / 100,
      status,
      payment_method: random.weighted([
        ['card', 48],
        ['paypal', 27],
        ['invoice', 17],
        ['bank transfer', 8],
      ]),
      note: random.chance(0.11) ? random.pick(notes) : null,
    };
  });
  const take = rowPicker(random, rows);
  for (const row of take(64)) row.customer_id = 9_000_000 + random.integer(1, 400);
  for (const row of take(31)) row.product_id = 7_000 + random.integer(1, 20);
  // Ordered as a guest, and taken over into the account opened later.
  for (const row of take(37)) {
    row.customer_id = customer((signupDate) => signupDate > String(row.ordered_at) && signupDate <= dateText(lastDay));
  }
  for (const row of take(23)) row.quantity = -Number(row.quantity);
  for (const row of take(5)) row.quantity = 9_999;
  for (const row of take(40, (row) => row.shipped_at !== null)) {
    row.shipped_at = timestampText(Date.parse(`${String(row.ordered_at)}Z`) - days(random.integer(2, 20)));
  }
  for (const row of take(7))
    row.ordered_at = timestampText(Date.UTC(2055, random.integer(0, 11), random.integer(1, 28)));
  for (const row of take(85, (row) => row.status === 'shipped')) row.status = random.pick(['Shipped', 'SHIPPED']);
  for (const row of take(22)) row.unit_price = Math.round(Number(row.unit_price) * 100);
  for (const row of take(55)) row.total = Math.round((Number(row.total) + random.integer(5, 40)) * 100) / 100;
  for (const row of take(16)) row.note = `Could not pay online, please charge my card ${card(random)}, thank you.`;
  for (const row of take(133)) row.payment_method = null;
  return withDuplicates(rows, take(duplicates));
};

/** What was ordered. */
export const orders: TableDefinition = {
  name: 'orders',
  description: 'Every order of the last eighteen months, one product each',
  columns,
  rows: clean + duplicates,
  sha256: '944268d36952a886db84a5b8c3d752bf326b55cfc82794e820c59b29e371b58c',
  generate,
};
