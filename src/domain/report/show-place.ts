import type { Place } from '../../contracts/finding.ts';
import { html, type Html } from './html.ts';
import { showList } from './show-list.ts';
import { showName } from './show-value.ts';

/** Where a finding is: `shop: orders.total`, of several columns all of them. The source is told where there are several. */
export const showPlace = ({ source, table, columns }: Place, namesSource: boolean): Html =>
  html`<code
    >${namesSource && html`${showName(source)}: `}${showName(table)}${columns.length > 0 && html`.${showList(columns.map(showName))}`}</code
  >`;
