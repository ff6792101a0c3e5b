import { html, type Html } from './html.ts';

/** Whether an id has the form of evidence: no other anchor of the page has it. */
export const isEvidenceId = (id: string): boolean => /^e[0-9a-f]{6,64}$/.test(id);

/** A reference to one piece of evidence on the page. */
export const evidenceLink = (id: string): Html => html`<a class="evidence-id" href="#${id}">${id}</a>`;
