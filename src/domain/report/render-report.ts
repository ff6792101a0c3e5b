import type { Report } from '../../contracts/report.ts';
import { html, raw, toText } from './html.ts';
import { pageStyle } from './page-style.ts';
import { renderChanges } from './render-changes.ts';
import { renderColumns } from './render-columns.ts';
import { renderContents } from './render-contents.ts';
import { renderEvidence, shownEvidenceIds } from './render-evidence.ts';
import { renderFindings } from './render-findings.ts';
import { renderHeader } from './render-header.ts';
import { renderOverview } from './render-overview.ts';
import { renderRunFacts } from './render-run-facts.ts';
import { renderUnmeasured } from './render-unmeasured.ts';
import { shorten } from './visible-text.ts';

/**
 * A report as one page: no script, nothing loaded, so that it shows the same from a bucket, a mail or a disk, and under
 * a policy that allows inline styles and `data:` images alone. The same report gives the same bytes.
 */
export const renderReport = (report: Report): string => {
  const { profile, evidence } = report;
  const ids = shownEvidenceIds(evidence);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${shorten(report.title, 120)}</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <a class="skip" href="#findings">Skip to the findings</a>
        ${renderHeader(report)} ${renderContents(report)}
        <main>
          ${profile && renderOverview(profile)} ${renderFindings(report, ids)} ${renderChanges(report)}
          ${profile && renderColumns(profile, ids)} ${profile && renderUnmeasured(profile)} ${renderEvidence(report)}
          ${renderRunFacts(report)}
        </main>
      </body>
    </html> `;
  return toText(page);
};
