import type { Report } from '../../contracts/report.ts';
import { formatCount, formatDollars, formatDuration, formatMoment } from '../format.ts';
import { html, type Html } from './html.ts';
import { showName } from './show-value.ts';

/** What the run used and how to do it again: model, prompt, turns, statements, tokens, dollars, time. */
export const renderRunFacts = (report: Report): Html => {
  const { session, analyst } = report;
  const { usage, budget } = session;
  const tokens = usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
  return html`<section id="run">
    <h2>About this run</h2>
    <dl class="run">
      ${fact('Run', html`<code>${report.run_id}</code>`)} ${fact('Survey began', moment(report.run_started_at))}
      ${fact('Report written', moment(report.created_at))}
      ${fact('Published under', html`<code>${showName(report.s3_prefix)}</code>`)}
      ${fact('Agent', html`${showName(session.agent)}${session.ended_at !== undefined && `, at work for ${durationOf(session.started_at, session.ended_at)}`}`)}
      ${fact('Text by', analyst === 'model' ? showName(session.model) : html`the deterministic analyst, no model`)}
      ${session.isolation !== undefined && fact('Python’s jail', showName(session.isolation))}
      ${fact('Prompt', html`version ${session.prompt_version}, <code class="hash">${session.prompt_hash}</code>`)}
      ${fact('Turns', used(session.turns, budget.turns))}
      ${fact('Statements', used(session.statements, budget.statements))}
      ${fact(
        'Tokens',
        html`${used(tokens, budget.tokens)}: ${formatCount(usage.input_tokens)} input,
        ${formatCount(usage.cache_read_tokens)} read from cache, ${formatCount(usage.cache_write_tokens)} written to
        cache, ${formatCount(usage.output_tokens)} output`,
      )}
      ${fact('Cost', html`${formatDollars(usage.dollars)} of at most ${formatDollars(budget.dollars)}`)}
    </dl>
  </section>`;
};

const fact = (label: string, value: Html): Html =>
  html`<dt>${label}</dt>
    <dd>${value}</dd>`;

const moment = (timestamp: string): Html => html`<time datetime="${timestamp}">${formatMoment(timestamp)}</time>`;

const used = (count: number, limit: number): Html => html`${formatCount(count)} of at most ${formatCount(limit)}`;

const durationOf = (from: string, to: string): string => formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)));
