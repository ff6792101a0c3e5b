import { hasCheckDigit } from '../personal-data/check-digit.ts';
import type { SeededRandom } from './seeded-random.ts';

const firstNames = [
  'Amara',
  'Anna',
  'Aisha',
  'Ben',
  'Björn',
  'Carlos',
  'Chiara',
  'Clara',
  'Daniel',
  'Elena',
  'Emma',
  'Fatima',
  'Felix',
  'François',
  'Giulia',
  'Grace',
  'Hannah',
  'Hugo',
  'Ines',
  'Ivan',
  'Jakob',
  'Jana',
  'Jonas',
  'Julia',
  'Kai',
  'Katarzyna',
  'Lars',
  'Laura',
  'Lea',
  'Leon',
  'Liam',
  'Lucía',
  'Lukas',
  'Magda',
  'Marco',
  'Maria',
  'Mateo',
  'Mia',
  'Milan',
  'Nadia',
  'Nils',
  'Noah',
  'Nora',
  'Oliver',
  'Olivia',
  'Omar',
  'Paul',
  'Pavel',
  'Petra',
  'Rosa',
  'Samir',
  'Sara',
  'Sofia',
  'Sven',
  'Tomás',
  'Tuuli',
  'Viktor',
  'Yusuf',
  'Zoë',
  'Zofia',
] as const;

const lastNames = [
  'Andersson',
  'Bauer',
  'Becker',
  'Bianchi',
  'Costa',
  'Dubois',
  'Eriksson',
  'Fernández',
  'Fischer',
  'García',
  'Haddad',
  'Hansen',
  'Hoffmann',
  'Horváth',
  'Ivanova',
  'Jansen',
  'Johansson',
  'Kaya',
  'Keller',
  'Khan',
  'Kowalski',
  'Lefèvre',
  'Lindqvist',
  'López',
  'Marino',
  'Martin',
  'Meyer',
  'Moreau',
  'Müller',
  'Nagy',
  'Nielsen',
  'Novák',
  'Nowak',
  "O'Brien",
  'Okafor',
  'Peeters',
  'Petrov',
  'Ricci',
  'Rossi',
  'Santos',
  'Schmidt',
  'Schneider',
  'Silva',
  'Smit',
  'Sørensen',
  'Szabó',
  'Taylor',
  'Van den Berg',
  'Virtanen',
  'Wagner',
  'Weber',
  'Wójcik',
  'Yılmaz',
  'Zimmermann',
] as const;

const mailDomains = ['example.com', 'example.org', 'example.net', 'mail.example', 'post.example'] as const;

/** Someone who does not exist. */
export type Person = { readonly name: string; readonly email: string };

const mailName = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replace(/[^a-z ]/g, '')
    .replaceAll(' ', '.');

/** A person; the number keeps the address of namesakes apart. */
export const person = (random: SeededRandom, number: number): Person => {
  const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
  return { name, email: `${mailName(name)}${number}@${random.pick(mailDomains)}` };
};

const digits = (random: SeededRandom, count: number): string =>
  Array.from({ length: count }, () => random.integer(0, 9)).join('');

/** A telephone number in international form. */
export const phone = (random: SeededRandom, countryCode: string): string =>
  `+${countryCode} ${random.integer(100, 799)} ${digits(random, 3)} ${digits(random, 4)}`;

/** A number as payment cards have, its check digit too, in groups of four, beginning as those do that are for tests. */
export const card = (random: SeededRandom): string => {
  const brand = ['4000', '5555'][random.integer(0, 1)] ?? '';
  digits(random, 3);
  const number = `${brand} ${digits(random, 4)} ${digits(random, 4)} ${digits(random, 4).slice(0, 3)}`;
  return Array.from('0123456789', (last) => number + last).find(hasCheckDigit) ?? number;
};

/** An address of a network set aside for examples (RFC 5737). */
export const ipAddress = (random: SeededRandom): string =>
  `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.integer(1, 254)}`;
