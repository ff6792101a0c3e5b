import * as z from 'zod';

/** What node:sqlite tells of an error: the message, and SQLite's extended code of it. */
const SqliteError = z.object({ message: z.string(), errcode: z.number().optional() });
export type SqliteError = z.infer<typeof SqliteError>;

/** Reads a thrown thing as an error of SQLite. */
export const sqliteError = (thrown: unknown): SqliteError => {
  const read = SqliteError.safeParse(thrown);
  return read.success ? read.data : { message: String(thrown) };
};

/** SQLite's codes that mean something here. */
const codes = { busy: 5, noMemory: 7, corrupt: 11, tooBig: 18, notADatabase: 26 } as const;

/** Whether an error is of a kind: the lowest byte of the extended code tells it. */
export const isError = ({ errcode }: SqliteError, kind: keyof typeof codes): boolean =>
  errcode !== undefined && (errcode & 0xff) === codes[kind];

/** What an application brings for its own file, and nobody else has. */
const missing: readonly (readonly [RegExp, string])[] = [
  [
    /^no such collation sequence: /,
    'The application that made the file brings it. Write COLLATE BINARY behind the column, and NOT INDEXED behind the table.',
  ],
  [/^(no such|unknown) function: /, 'SQLite has none of the name; the application that made the file may bring it.'],
];

/** A message with a word on what only an application has, where that is what is missing. */
export const withApplication = (message: string): string => {
  const told = missing.find(([begin]) => begin.test(message))?.[1];
  return told === undefined ? message : `${message}. ${told}`;
};

/** A journal of a writer that crashed must be played back, which nobody who only reads may do. */
export const needsRecovery = ({ errcode }: SqliteError): boolean => errcode === 776 || errcode === 264;
