import type { TableDefinition } from '../dataset.ts';
import type { GeneratedRow } from '../generated-row.ts';
import { dateText, days, lastDay } from '../moment.ts';
import { person, phone } from '../people.ts';
import { rowPicker, seededRandom, withDuplicates } from '../seeded-random.ts';

const columns = {
  customer_id: { type: 'BIGINT', description: 'Number of the customer' },
  full_name: { type: 'VARCHAR', description: 'First and last name' },
  email: { type: 'VARCHAR', description: 'Address for order confirmations' },
  phone: { type: 'VARCHAR', description: 'Telephone number in international form' },
  country: { type: 'VARCHAR', description: 'Country of the delivery address' },
  city: { type: 'VARCHAR', description: 'City of the delivery address' },
  birth_year: { type: 'BIGINT', description: 'Year of birth as the customer typed it' },
  signup_date: { type: 'DATE', description: 'Day the account was opened' },
  newsletter: { type: 'BOOLEAN', description: 'Whether the customer takes the newsletter' },
  loyalty_points: { type: 'BIGINT', description: 'Points collected so far' },
} as const;

/** A customer as other tables read it. */
export type Customer = GeneratedRow<keyof typeof columns>;

type Place = { readonly country: string; readonly code: string; readonly cities: readonly string[] };

const places: readonly (readonly [Place, number])[] = [
  [{ country: 'Germany', code: '49', cities: ['Berlin', 'Hamburg', 'Köln', 'Leipzig', 'München'] }, 34],
  [{ country: 'France', code: '33', cities: ['Lille', 'Lyon', 'Nantes', 'Paris'] }, 18],
  [{ country: 'Spain', code: '34', cities: ['Barcelona', 'Bilbao', 'Madrid', 'Sevilla'] }, 13],
  [{ country: 'Italy', code: '39', cities: ['Bologna', 'Milano', 'Roma', 'Torino'] }, 12],
  [{ country: 'Netherlands', code: '31', cities: ['Amsterdam', 'Rotterdam', 'Utrecht'] }, 9],
  [{ country: 'Sweden', code: '46', cities: ['Göteborg', 'Malmö', 'Stockholm'] }, 8],
  [{ country: 'Poland', code: '48', cities: ['Gdańsk', 'Kraków', 'Warszawa'] }, 6],
];

/** The numbers that customers have: 1001 to 3488. */
const customerIds = { first: 1_001, count: 2_488 } as const;

const duplicates = 12;

/** The customers, flaws included; orders take their buyers from here. */
export const generateCustomers = (): readonly Customer[] => {
  const random = seededRandom(20_250_701);
  const rows = Array.from({ length: customerIds.count }, (_, i): Customer => {
    const { name, email } = person(random, i);
    const place = random.weighted(places);
    return {
      customer_id: customerIds.first + i,
      full_name: name,
      email,
      phone: phone(random, place.code),
      country: place.country,
      city: random.pick(place.cities),
      birth_year: Math.max(1938, Math.min(2006, Math.round(random.normal(1983, 13)))),
      signup_date: dateText(lastDay - days(random.integer(0, 1_640))),
      newsletter: random.chance(0.37),
      loyalty_points: random.integer(0, 40) * random.integer(0, 60),
    };
  });
  const take = rowPicker(random, rows);
  for (const row of take(104)) row.email = null;
  for (const row of take(310)) row.phone = null;
  for (const row of take(38)) row.email = String(row.email).replace('@', ' at ');
  for (const row of take(41, (row) => row.country === 'Germany')) row.country = random.pick(['germany', 'GERMANY']);
  for (const row of take(17, (row) => row.country === 'Spain')) row.country = 'spain ';
  for (const row of take(9)) row.birth_year = random.integer(1781, 1799);
  for (const row of take(6)) row.signup_date = dateText(Date.UTC(2052, random.integer(0, 11), random.integer(1, 28)));
  for (const row of take(14)) row.loyalty_points = -random.integer(1, 90) * 10;
  return withDuplicates(rows, take(duplicates));
};

/** Who buys: 2,488 people, 12 of them twice. */
export const customers: TableDefinition = {
  name: 'customers',
  description: 'Everyone who has opened an account in the shop',
  columns,
  rows: customerIds.count + duplicates,
  sha256: 'cd3ca9124fa4fd731e509f52cad4309381c119136592621b81b8709c0c1b6e7e',
  generate: generateCustomers,
};
