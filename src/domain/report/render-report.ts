import type { Report } from '../../contracts/report.ts';
import { html, raw, toText } from './html.ts';
import { pageStyle } from './page-style.ts';
import { renderChanges } from './render-changes.ts';
import { renderChecks } from './render-checks.ts';
import { renderColumns } from './render-columns.ts';
import { renderContents } from './render-contents.ts';
import { renderEvidence, shownEvidenceIds } from './render-evidence.ts';
import { renderFindings } from './render-findings.ts';
import { renderHeader } from './render-header.ts';
import { renderNotLookedAt } from './render-not-looked-at.ts';
import { renderOverview } from './render-overview.ts';
import { renderPersonal } from './render-personal.ts';
import { renderRunFacts } from './render-run-facts.ts';
import { renderText } from './render-text.ts';
import { reportedFindings } from './reported-findings.ts';
import { shorten } from './visible-text.ts';

/** Holds wherever the page lies, where no server says it in a header. What a header alone can say is left out. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * A report as one page: no script, nothing loaded, so that it shows the same from a bucket, a mail or a disk, and under
 * a policy that allows inline styles and `data:` images alone. The same report gives the same bytes.
 */
export const renderReport = (report: Report): string => {
  const { profile } = report;
  const found = reportedFindings(report);
  const ids = shownEvidenceIds(report);
  const context = { sources: report.sources.map(({ name }) => name), evidence_ids: ids };
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(pagePolicy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${shorten(report.title, 120)}</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <a class="skip" href="#${report.findings === undefined ? 'text' : 'findings'}"
          >Skip to ${report.findings === undefined ? 'the report' : 'the findings'}</a
        >
        ${renderHeader(report)} ${renderContents(report)}
        <main>
          ${renderText(report, ids)}
          ${report.findings && renderFindings({ findings: report.findings, not_looked_at: found?.not_looked_at ?? [] }, context)}
          ${profile && renderOverview(profile)} ${renderChanges(report)}
          ${profile && renderColumns(profile, found, ids)}
          ${found && html`${renderPersonal(found, context)} ${renderChecks(found, context)} ${renderNotLookedAt(found, context.sources)}`}
          ${renderEvidence(report)} ${renderRunFacts(report)}
        </main>
      </body>
    </html> `;
  return toText(page);
};
