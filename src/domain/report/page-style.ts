/** The look of a report: set like a printed page, one column of text, figures aligned; light, dark, narrow and on paper. */
export const pageStyle = `
:root {
  --paper: #fdfcfa; --ink: #1f2428; --soft: #5b646c; --line: #dcdad4; --fill: #f3f1ec;
  --accent: #1d5f7c; --bar: #4a8aa6; --good: #23693f; --warn: #855300; --bad: #a3291f; --mark: #fff3c4;
  --serif: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', Cambria, Georgia, 'Liberation Serif', serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16191c; --ink: #dfe2e4; --soft: #9aa4ac; --line: #343a40; --fill: #1f2429;
    --accent: #86c3dd; --bar: #4f93b0; --good: #7cc798; --warn: #e0b060; --bad: #f08d82; --mark: #4a4116;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 76rem; padding: 3rem 1.5rem 6rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 var(--serif); overflow-wrap: break-word;
}
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; font-weight: 600; text-wrap: balance; }
h1 { font-size: 2.25rem; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
h5, h6 { font-size: 1rem; margin: 1.25rem 0 .3rem; }
small, .muted, .legend, .left-out { color: var(--soft); font-weight: 400; }
small { font-size: .8125rem; }
bdi, td, th { unicode-bidi: isolate; }
bdi, code { overflow-wrap: anywhere; }
code, pre, kbd, samp { font-family: var(--mono); font-size: .8125rem; }
pre {
  padding: .75rem 1rem; background: var(--fill); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere;
  line-height: 1.5; max-height: 30rem; overflow: auto; unicode-bidi: plaintext;
}
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); border: 2px solid var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
:target { background: var(--mark); scroll-margin-top: 5rem; }

.kicker { margin: 0 0 .5rem; font: .8125rem/1.4 var(--sans); letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
.source { margin: 0 0 1rem; font-size: 1.125rem; }
.status { margin: 0; max-width: 44rem; }
.totals { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.75rem 0 0; }
.totals div { display: flex; flex-direction: column-reverse; }
.totals dt { font: .8125rem/1.4 var(--sans); color: var(--soft); }
.totals dd { margin: 0; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: lining-nums tabular-nums; }
.sign { font: 600 .8125rem/1.4 var(--sans); padding: .05rem .5rem; border: 1px solid; border-radius: 1rem; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }

nav { margin-top: 2rem; font: .9375rem/1.5 var(--sans); }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
nav ul ul { display: none; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }

table { border-collapse: collapse; font: .875rem/1.45 var(--sans); font-variant-numeric: lining-nums tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .8125rem; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; color: var(--soft); font-size: .8125rem; border-bottom-color: var(--soft); vertical-align: bottom; }
tbody th { font-weight: 600; }
th.num, td.num, .num { text-align: right; font-variant-numeric: lining-nums tabular-nums; }
.scroll { overflow-x: auto; }
.scroll > table { min-width: 100%; }
.scroll th[scope=row] { min-width: 8rem; }
.scroll td:not(.num, .share) { min-width: 6.5rem; }
.scroll td.num { white-space: nowrap; }
.scroll .findings td:first-child { min-width: 0; }
.scroll .findings td:nth-child(3) { min-width: 11rem; }
.findings th small { display: block; }
.basis { color: var(--soft); text-decoration: none; cursor: help; font-family: var(--sans); font-size: .85em; margin: 0 .15em; }
.to { color: var(--soft); }
.blank { color: var(--soft); }
svg { fill: var(--bar); }
.bar, .strip { display: inline-block; width: 4rem; height: .5rem; background: var(--line); vertical-align: baseline; border-radius: 1px; }
.spark { display: inline-block; width: 6rem; height: 1.6rem; vertical-align: bottom; border-bottom: 1px solid var(--line); }
.strip { width: 6rem; height: .75rem; }

article { max-width: 100%; }
article > p, article > ul, article > ol, article > dl, article > blockquote { max-width: 42rem; }
article table { margin: 1rem 0 1.5rem; max-width: 100%; display: block; overflow-x: auto; }
/* A name in a cell stays whole up to the width that it is given; a longer one breaks, and the table scrolls before that is less. */
article :is(td, th) { overflow-wrap: anywhere; }
article th { overflow-wrap: normal; }
article td { min-width: 5.5rem; }
article td:has(> code) { min-width: 11rem; }
article td.num { min-width: 0; white-space: nowrap; }
article img { max-width: 100%; height: auto; background: #fff; }
article figure { margin: 1.5rem 0; }
article figcaption { color: var(--soft); font-size: .875rem; }
article blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); }
article :is(p, div, li).note, article :is(p, div, li).warn, article :is(p, div, li).bad, article :is(p, div, li).good {
  max-width: 42rem; padding: .6rem 1rem; background: var(--fill); border-left: 3px solid var(--edge, var(--soft)); border-radius: 2px; color: inherit;
}
article .warn { --edge: var(--warn); } article .bad { --edge: var(--bad); } article .good { --edge: var(--good); }
article li { margin: .25rem 0; }
.evidence-id { font-family: var(--mono); font-size: .78em; white-space: nowrap; }
.missing-evidence { text-decoration: underline dotted var(--warn); }

summary { cursor: pointer; }
details.table[open] { margin: 0 0 1.5rem; }
details.table > summary { padding: .5rem 0; }
details.table > summary h3 { display: inline; margin: 0 .5rem 0 .2rem; }
details.table > summary span { color: var(--soft); font: .875rem/1.4 var(--sans); }
.facts { list-style: none; margin: .25rem 0 1rem; padding: 0; font: .875rem/1.6 var(--sans); color: var(--soft); scroll-margin-top: 5rem; }
.comment { margin: .25rem 0 .75rem; font-style: italic; max-width: 42rem; }
.columns th[scope=row] small { display: block; }
.columns td.share { white-space: nowrap; }
.columns td:nth-child(4), .columns td:nth-child(5) { max-width: 18rem; }
.cards { margin: 1rem 0; }
.cards > summary { font: .9375rem/1.5 var(--sans); color: var(--accent); }
.card { margin: 0; padding: 1.25rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; scroll-margin-top: 1rem; }
.card:last-child { border-bottom: 0; }
.card h4 { margin: 0 0 .5rem; font-family: var(--sans); font-size: 1rem; }
.panes { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem 2.5rem; }
.card dl, .run { display: grid; align-content: start; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .3rem 1rem; margin: 0; font: .875rem/1.5 var(--sans); font-variant-numeric: lining-nums tabular-nums; }
dl.run { grid-template-columns: 10rem minmax(0, 1fr); font-size: .9375rem; }
.card dt, .run dt { color: var(--soft); }
.card dd, .run dd { margin: 0; }
.quantiles { display: inline-table; font-size: .8125rem; }
.quantiles th, .quantiles td { padding: .05rem .75rem .05rem 0; border: 0; }
.quantiles th { font-weight: 400; color: var(--soft); }
.histogram { margin: 0 0 1.25rem; }
.histogram svg { display: block; width: 100%; height: 5rem; border-bottom: 1px solid var(--soft); }
.histogram figcaption { display: flex; justify-content: space-between; gap: 1rem; font: .75rem/1.6 var(--sans); color: var(--soft); }
.top { width: 100%; table-layout: fixed; font-size: .8125rem; }
.top th, .top td { padding: .2rem .6rem .2rem 0; border: 0; }
.top th { font-weight: 400; width: 42%; }
.top .bar-cell { width: 28%; }
.top .bar { width: 100%; }

details.evidence { border-bottom: 1px solid var(--line); padding: .4rem 0; }
details.evidence > summary { font: .875rem/1.6 var(--sans); }
details.evidence > summary .evidence-id { color: var(--accent); }
details.evidence > summary .sign { padding: 0 .4rem; font-size: .75rem; font-weight: 400; }
.first-line { display: block; color: var(--soft); margin-left: 1.1rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
details[open] > summary > .first-line { display: none; }
details.evidence h4 { font: 600 .8125rem/1.4 var(--sans); color: var(--soft); margin: .75rem 0 .25rem; }
details.evidence pre { margin: 0; }
.hash { overflow-wrap: anywhere; }

@media (min-width: 70rem) {
  body { display: grid; grid-template-columns: 11rem minmax(0, 1fr); column-gap: 3.5rem; }
  header { grid-column: 2; }
  nav { grid-column: 1; grid-row: 2; position: sticky; top: 2rem; align-self: start; margin-top: 4.6rem; max-height: calc(100vh - 4rem); overflow: auto; }
  nav ul { display: block; }
  nav li { padding: .15rem 0; }
  nav ul ul { display: block; padding-left: .9rem; font-size: .875rem; }
  main { grid-column: 2; grid-row: 2; }
}
@media (max-width: 45rem) {
  body { padding: 1.5rem 1rem 4rem; font-size: 1rem; }
  h1 { font-size: 1.75rem; }
  article td { min-width: 8rem; }
  .panes { grid-template-columns: minmax(0, 1fr); }
  .card dl, dl.run { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .card dd, .run dd { margin-bottom: .5rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #ccc; --fill: #f6f6f6; --accent: #000; --bar: #555; --good: #000; --warn: #000; --bad: #000; }
  body { display: block; max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip { display: none; }
  a { text-decoration: none; }
  .scroll, pre { overflow: visible; max-height: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  tr, figure, .card { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
