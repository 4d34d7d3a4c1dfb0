import { html } from '../../page/html.ts';
import type { Section } from './section.ts';

/** The page of the trace, which lies beside the report. */
export function traceSection(): Section {
  return {
    id: 'trace',
    title: 'One order, traced through both',
    body: html`<p>Where the time of one order went, span by span, and what of it is network tax: <a href="trace.html">the trace on a page of its own</a>.</p>
<iframe src="trace.html" title="One order traced through both brews" loading="lazy"></iframe>`,
  };
}
