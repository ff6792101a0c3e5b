import { Message } from '../../../contracts/message.ts';
import type { SqliteDocuments } from './sqlite-documents.ts';

/** A message that is to be published, and its place in the outbox. */
export type OutboxMessage = {
  readonly number: number;
  /** Fails with STORAGE_FAILED on what is no message. */
  readonly read: () => Message;
};

/** Messages that are to be published, written in one transaction with the changes that they tell of. */
export type Outbox = {
  /** Within the transaction of the change. */
  add(messages: readonly Message[]): void;
  /** The oldest first, without those that were set aside. They stay until they are removed: whoever dies in between has lost none. */
  list(limit: number): readonly OutboxMessage[];
  remove(numbers: readonly number[]): void;
  /** Keeps one that cannot be read from being listed, with the reason. */
  setAside(number: number, reason: string): void;
  /** Lists again what was set aside: another version may be able to read it. */
  takeBack(): void;
};

/** The outbox in a SQLite file. */
export const sqliteOutbox = ({ file, read, text }: SqliteDocuments): Outbox => ({
  add(messages) {
    for (const message of messages) file.run('insert into outbox (document) values (?)', text(Message, message));
  },
  list: (limit) =>
    file
      .all('select number, document from outbox where set_aside is null order by number limit ?', limit)
      .map((row) => ({ number: Number(row['number']), read: () => read(Message, row) })),
  remove(numbers) {
    file.run('delete from outbox where number in (select value from json_each(?))', JSON.stringify(numbers));
  },
  setAside(number, reason) {
    file.run('update outbox set set_aside = ? where number = ?', reason, number);
  },
  takeBack() {
    file.run('update outbox set set_aside = null where set_aside is not null');
  },
});
