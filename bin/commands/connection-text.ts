import type { ConnectionPage, ConnectionView } from '../../src/contracts/connection.ts';
import { printable } from '../progress/fit-text.ts';
import { commandText } from '../command-advice.ts';
import { moreText } from './more-text.ts';
import { alignColumns } from './terminal.ts';
import { unreadableText } from './unreadable-text.ts';
import { programName } from '../program-name.ts';

/** Whether a connection was tested and how that went, in one word. */
const testWord = ({ test }: ConnectionView): string => test?.status ?? 'none';

/** A page of connections as a table. */
export const connectionsTable = ({ connections, unreadable, next_cursor }: ConnectionPage): string => {
  if (connections.length === 0 && unreadable === undefined)
    return `No connections yet. Add one: ${programName} connections add shop`;
  const rows = connections.map((connection) => [
    connection.name,
    connection.engine,
    printable(connection.label),
    (connection.rotated_at ?? connection.created_at).slice(0, 19).replace('T', ' '),
    testWord(connection),
  ]);
  const text = alignColumns([['NAME', 'ENGINE', 'DATABASE', 'SINCE (UTC)', 'TEST'], ...rows]);
  return [text, ...unreadableText(unreadable), ...moreText('connections list', next_cursor)].join('\n');
};

/** What a rotation came to: whether the connection leads to another database now. */
export const rotationText = (connection: ConnectionView): string =>
  connection.moved_from === undefined
    ? `Rotated.\n${connectionText(connection)}`
    : `Rotated. It now points at another database: ${printable(connection.label)}, not ${printable(connection.moved_from)}.\n${connectionText(connection)}`;

/** One connection with what its test told. */
export const connectionText = (connection: ConnectionView): string => {
  const { name, engine, label, created_at, rotated_at, test } = connection;
  const rows: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['name', name],
    ['engine', engine],
    ['database', printable(label)],
    ['created', created_at],
    ['rotated', rotated_at],
    ['test', testWord(connection)],
    ['run', test?.run_id],
    ['version', test?.engine_version],
    ['role', test?.role],
    // That no statement can name those places is the reason why such a role is taken.
    ['writes', test?.writes_elsewhere && `elsewhere, which no survey can name: ${test.writes_elsewhere.join(', ')}`],
    ['tables', test?.tables],
    ['not visible', test?.not_visible],
    ['failure', test?.failure?.kind],
    ['', test?.failure && commandText(test.failure)],
  ];
  return alignColumns(rows.flatMap(([what, value]) => (value === undefined ? [] : [[what, printable(String(value))]])));
};
