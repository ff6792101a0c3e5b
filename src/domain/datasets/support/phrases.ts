import type { SeededRandom } from '../seeded-random.ts';

/** What tickets are about, by category. */
export const subjects = {
  delivery: ['Parcel has not arrived', 'Delivered to the wrong door', 'Tracking shows nothing', 'Box was damaged'],
  payment: ['Charged twice', 'Invoice is missing', 'Card was declined', 'Wrong amount on the invoice'],
  returns: ['How do I send it back', 'Refund has not come', 'Return label does not print', 'Exchange for another size'],
  account: ['Cannot sign in', 'Change my address', 'Please delete my account', 'No password mail'],
  product: [
    'Is it dishwasher safe',
    'Spare part wanted',
    'Colour differs from the picture',
    'Instructions are missing',
  ],
} as const;

const greetings = ['Hello,', 'Hi there,', 'Dear team,', 'Good morning,', 'To whom it may concern:'] as const;
const pleas = [
  'Could you look into it?',
  'I would be glad of an answer this week.',
  'Please tell me what to do.',
  'This is the second time I write.',
  'Thank you for your help.',
] as const;

/** A message on a subject. */
export const openingSentence = (random: SeededRandom, subject: string): string =>
  `${random.pick(greetings)} ${subject.charAt(0).toLowerCase()}${subject.slice(1)}, order ${random.integer(100_001, 110_673)}. ${random.pick(pleas)}`;
