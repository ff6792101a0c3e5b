import type { ColumnProfile, HistogramBin } from '../../contracts/profile.ts';
import { formatCount, formatCountOf } from '../format.ts';
import { html, type Html } from './html.ts';
import { plainValue, showValue } from './show-value.ts';

/** Charts as inline SVG that stretches to its box. All of them repeat what stands beside them in words. */

const round = (value: number): number => Math.round(value * 100) / 100;

/** A share between 0 and 1 as a bar. What is more than nothing is at least a hair wide. */
export const shareBar = (share: number): Html => {
  const width = share > 0 ? Math.max(1, round(Math.min(1, share) * 100)) : 0;
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <path d="M0 0h${width}v1h-${width}z" />
  </svg>`;
};

/** Shares of a whole, side by side, the largest darkest. */
export const shareStrip = (shares: readonly number[]): Html => {
  const starts = shares.map((_, index) => round(shares.slice(0, index).reduce((sum, share) => sum + share * 100, 0)));
  return html`<svg class="strip" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    ${shares.map(
      (share, index) =>
        html`<path
          d="M${starts[index]} 0h${round(share * 100)}v1h-${round(share * 100)}z"
          fill-opacity="${round(Math.max(0.25, 1 - index * 0.15))}"
        />`,
    )}
  </svg>`;
};

const height = 40;

const barHeights = (bins: readonly HistogramBin[]): readonly number[] => {
  const highest = bins.reduce((most, bin) => Math.max(most, bin.count), 1);
  return bins.map((bin) => (bin.count > 0 ? Math.max(1, round((bin.count / highest) * height)) : 0));
};

/** A histogram the size of a word. */
export const sparkline = (bins: readonly HistogramBin[]): Html => {
  const path = barHeights(bins).map((bar, index) => `M${index} ${height}v-${bar}h.85v${bar}z`);
  return html`<svg class="spark" viewBox="0 0 ${bins.length} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <path d="${path.join('')}" />
  </svg>`;
};

/** A histogram with its ends and its highest bar named; each bar says its own bounds and count. */
export const histogram = ({ bins, left_out }: NonNullable<ColumnProfile['histogram']>, name: string): Html => {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const highest = bins.reduce((most, bin) => (bin.count > most.count ? bin : most), first);
  const peak = `highest bar: ${formatCount(highest.count)} from ${plainValue(highest.from)} to ${plainValue(highest.to)}`;
  const missing =
    left_out === undefined ? '' : html`<span>${formatCountOf(left_out, 'value')} left out: infinite, or no date</span>`;
  return html`<figure class="histogram">
    <svg
      viewBox="0 0 ${bins.length} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-label="Histogram of ${plainValue(name)}, ${bins.length} bars from ${plainValue(first.from)} to ${plainValue(last.to)}; ${peak}"
    >
      ${barHeights(bins).map(
        (bar, index) =>
          html`<path d="M${index} ${height}v-${bar}h.9v${bar}z"><title>${titleOf(bins[index])}</title></path>`,
      )}
    </svg>
    <figcaption><span>${showValue(first.from)}</span>${missing}<span>${showValue(last.to)}</span></figcaption>
  </figure>`;
};

const titleOf = (bin: HistogramBin | undefined): string | undefined =>
  bin && `${plainValue(bin.from)} – ${plainValue(bin.to)}: ${formatCount(bin.count)}`;
