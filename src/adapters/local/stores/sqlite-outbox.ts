import { Message } from '../../../contracts/message.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** A message that is to be published, and its place in the outbox. */
export type OutboxMessage = { readonly number: number; readonly message: Message };

/** Messages that are to be published, written in one transaction with the changes that they tell of. */
export type Outbox = {
  /** Within the transaction of the change. */
  add(messages: readonly Message[]): void;
  /** The oldest first. They stay until they are removed: whoever dies in between has lost none. */
  list(limit: number): readonly OutboxMessage[];
  remove(numbers: readonly number[]): void;
};

/** The outbox in a SQLite file. */
export const sqliteOutbox = ({ file, read }: SqliteDocuments): Outbox => ({
  add(messages) {
    for (const message of messages) file.run('insert into outbox (document) values (?)', JSON.stringify(message));
  },
  list: (limit) =>
    file
      .all('select number, document from outbox order by number limit ?', limit)
      .map((row) => ({ number: Number(row['number']), message: read(Message, row) })),
  remove(numbers) {
    file.run('delete from outbox where number in (select value from json_each(?))', JSON.stringify(numbers));
  },
});
