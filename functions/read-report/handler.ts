import { readReport as route } from '../../src/contracts/routes/read-report.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { readReport } from '../../src/use-cases/read-report.ts';
import { httpHandler } from '../http-edge.ts';

/**
 * What a report's page may do: show its own styles and inline images, nothing else. No script runs and nothing is
 * fetched, even if the sanitizer let something through. The page says the same of itself, but for its last two parts,
 * which only a header can say.
 */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** `GET /runs/{id}/reports/{agent}`: the page, or its JSON twin where the caller accepts JSON and not HTML. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, async ({ ports: own, tenant, params, accept }) => {
    const format = /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept) ? 'json' : 'html';
    const report = await readReport(own, tenant, { runId: params.id, agent: params.agent, format });
    if ('location' in report) return report;
    return format === 'json'
      ? { contentType: 'application/json', text: report.text, headers: { vary: 'accept' } }
      : {
          contentType: 'text/html',
          text: report.text,
          headers: {
            vary: 'accept',
            'content-security-policy': contentSecurityPolicy,
            'referrer-policy': 'no-referrer',
          },
        };
  });
