/** Forms of personal data amid other words, in what every engine’s regular expressions have in common. */
export const personalPatterns = {
  email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}',
  card: '(^|[^0-9])([0-9]{4}[ -]?){3}[0-9]{1,7}([^0-9]|$)',
  phone: '(^|[^0-9])([+]|00)[1-9][0-9 ()/.-]{7,17}[0-9]',
  iban: '(^|[^A-Z0-9])[A-Z]{2}[0-9]{2} ?([A-Z0-9]{4} ?){3,7}[A-Z0-9]{1,4}([^A-Z0-9]|$)',
} as const;

/** A form of personal data. */
export type PersonalPattern = keyof typeof personalPatterns;

/** What each is: one of them, many of them. */
export const personalWords: Readonly<Record<PersonalPattern, readonly [string, string]>> = {
  email: ['e-mail address', 'e-mail addresses'],
  card: ['payment card number', 'payment card numbers'],
  phone: ['telephone number', 'telephone numbers'],
  iban: ['bank account number', 'bank account numbers'],
};

/** Those forms, in the order in which they are told. */
export const personalPatternNames = Object.keys(personalPatterns) as readonly PersonalPattern[];
