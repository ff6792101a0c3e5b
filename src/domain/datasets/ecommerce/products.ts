import type { TableDefinition } from '../dataset.ts';
import type { GeneratedRow } from '../generated-row.ts';
import { dateText, days, lastDay } from '../moment.ts';
import { rowPicker, seededRandom } from '../seeded-random.ts';

const columns = {
  product_id: { type: 'BIGINT', description: 'Number of the product' },
  sku: { type: 'VARCHAR', description: 'Stock-keeping unit: department, material, number' },
  name: { type: 'VARCHAR', description: 'Name as the shop shows it' },
  category: { type: 'VARCHAR', description: 'Department of the shop' },
  supplier: { type: 'VARCHAR', description: 'Who delivers it' },
  price: { type: 'DOUBLE', description: 'List price in euros' },
  cost: { type: 'DOUBLE', description: 'Purchase price in euros' },
  weight_kg: { type: 'DOUBLE', description: 'Shipping weight in kilograms' },
  stock: { type: 'BIGINT', description: 'Pieces in the warehouse' },
  launched_on: { type: 'DATE', description: 'First day on sale' },
} as const;

/** A product as other tables read it. */
export type Product = GeneratedRow<keyof typeof columns>;

const departments = [
  { category: 'Kitchen', items: ['Carafe', 'Chopping board', 'Coffee grinder', 'Saucepan', 'Tea towel'], price: 24 },
  { category: 'Office', items: ['Desk lamp', 'Notebook', 'Pen tray', 'Ring binder', 'Whiteboard'], price: 19 },
  { category: 'Garden', items: ['Hose reel', 'Planter', 'Pruning shears', 'Rake', 'Watering can'], price: 31 },
  {
    category: 'Outdoor',
    items: ['Backpack', 'Camping stove', 'Head torch', 'Sleeping mat', 'Water bottle'],
    price: 48,
  },
  { category: 'Bathroom', items: ['Bath mat', 'Mirror', 'Soap dish', 'Towel', 'Toothbrush holder'], price: 17 },
  { category: 'Textiles', items: ['Blanket', 'Cushion', 'Curtain', 'Linen sheet', 'Tablecloth'], price: 36 },
] as const;
const materials = [
  'Ash',
  'Bamboo',
  'Ceramic',
  'Cotton',
  'Enamel',
  'Glass',
  'Linen',
  'Oak',
  'Steel',
  'Walnut',
  'Wool',
] as const;
const suppliers = [
  'Alba Trading',
  'Brandt & Söhne',
  'Casa Verde',
  'Lindholm AB',
  'Maison Lys',
  'Nordlicht GmbH',
] as const;

/** The numbers that products have: 501 to 826. */
const productIds = { first: 501, count: 326 } as const;

/** Euros, to the cent. */
const euros = (amount: number): number => Math.round(amount * 100) / 100;

/** The products, flaws included; orders take their prices from here. */
export const generateProducts = (): readonly Product[] => {
  const random = seededRandom(20_250_702);
  const rows = Array.from({ length: productIds.count }, (_, i): Product => {
    const { category, items, price: usual } = random.pick(departments);
    const material = random.pick(materials);
    const price = euros(Math.floor(usual * (0.4 + 1.6 * random.next())) + 0.9);
    return {
      product_id: productIds.first + i,
      sku: `${category.slice(0, 3).toUpperCase()}-${material.slice(0, 3).toUpperCase()}-${1_000 + i}`,
      name: `${material} ${random.pick(items).toLowerCase()}`,
      category,
      supplier: random.pick(suppliers),
      price,
      cost: euros(price * (0.38 + 0.3 * random.next())),
      weight_kg: Math.round((0.12 + 3.2 * random.next() * random.next()) * 100) / 100,
      stock: random.integer(0, 420),
      launched_on: dateText(lastDay - days(random.integer(60, 2_300))),
    };
  });
  const take = rowPicker(random, rows);
  for (const row of take(7)) row.weight_kg = Math.round(Number(row.weight_kg) * 1_000);
  for (const row of take(8, (row) => row.category === 'Kitchen')) row.category = 'kitchen';
  for (const row of take(6, (row) => row.category === 'Garden')) row.category = ' Garden';
  for (const row of take(4)) row.price = 0;
  for (const row of take(5)) row.stock = -random.integer(1, 12);
  for (const row of take(21)) row.supplier = null;
  return rows;
};

/** What is sold. */
export const products: TableDefinition = {
  name: 'products',
  description: 'Everything the shop sells or has sold',
  columns,
  rows: productIds.count,
  sha256: 'ca30ab393a6f015a155d38844b58bd4b6dd256cf301fcf1f9742fd3c4d2ee53d',
  generate: generateProducts,
};
