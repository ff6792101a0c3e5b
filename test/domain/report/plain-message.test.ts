import { expect, it } from 'vitest';
import { plainMessage } from '../../../src/domain/report/plain-message.ts';

it.each([
  [
    'relation "album" does not exist\nLINE 19: …from "public"."album" tablesample\n             ^',
    'relation "album" does not exist (dropped or renamed during the survey?)',
  ],
  [
    'Catalog Error: Table with name album does not exist!\n\nLINE 1: select 1 from album\n   ^',
    'Catalog Error: Table with name album does not exist (dropped or renamed during the survey?)!',
  ],
  [
    "Table 'shop.album' doesn't exist (ER_NO_SUCH_TABLE)",
    "Table 'shop.album' doesn't exist (dropped or renamed during the survey?) (ER_NO_SUCH_TABLE)",
  ],
  [
    'The statement took longer than 60 s and was ended on the server. Ask for less at once.',
    'The statement took longer than 60 s and was ended on the server.',
  ],
  [
    'The connection broke: gone. The next statement connects anew; if it fails too, check that the server runs.',
    'The connection broke: gone. Check that the server runs.',
  ],
  ['permission denied for table album', 'permission denied for table album'],
])('a reader is told of %j only what matters', (message, told) => {
  expect(plainMessage(message)).toBe(told);
});
