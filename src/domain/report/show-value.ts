import type { ShownValue } from '../../contracts/profile.ts';
import { formatNumber } from '../format.ts';
import { html, type Html } from './html.ts';
import { pageLimits } from './page-limits.ts';
import { makeVisibleLine, shorten } from './visible-text.ts';

/** A value out of a table: numbers readable, text isolated from the direction of its surroundings, blanks named. */
export const showValue = (value: ShownValue): Html => {
  if (typeof value === 'number') return html`${formatNumber(value)}`;
  if (typeof value === 'boolean') return html`${String(value)}`;
  if (value === '') return html`<i class="blank">empty text</i>`;
  if (value.trim() === '') return html`<i class="blank">blank text</i>`;
  return html`<bdi>${plainValue(value)}</bdi>`;
};

/** The same as plain text, for labels. */
export const plainValue = (value: ShownValue): string =>
  typeof value === 'number'
    ? formatNumber(value)
    : shorten(showPadding(makeVisibleLine(String(value))), pageLimits.value);

// Spaces at the ends make `paid` and `paid ` two values: they must be seen.
const showPadding = (text: string): string => text.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));

/** The name of a table, a column or an agent, at a length that a line can hold. */
export const showName = (name: string): Html =>
  html`<bdi>${shorten(makeVisibleLine(name), pageLimits.name) || '(no name)'}</bdi>`;

/** A message or a comment: text of some length that this page did not write. */
export const showText = (text: string): Html => html`<bdi>${shorten(text, pageLimits.message)}</bdi>`;
