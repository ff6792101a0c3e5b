import { html, type Html } from './html.ts';

/** Things with a comma behind each but the last. */
export const showList = (items: readonly Html[]): Html =>
  html`${items.map((item, index) => html`${item}${index < items.length - 1 && ','}`)}`;
