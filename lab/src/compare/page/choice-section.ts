import { html, NOTHING } from '../../page/html.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { toneOfName } from './brews.ts';
import { choicesOf, seenOnce } from './choices.ts';
import type { Section } from './section.ts';

/** When to choose which, in sentences that each stand on a figure of this report. */
export function choiceSection(report: ComparisonReport): Section | undefined {
  const choices = [...Map.groupBy(choicesOf(report), ({ brew }) => brew)];
  const alike = [...new Set(report.verdicts.filter(({ outcome }) => outcome === 'indistinguishable').map(({ metric }) => metric))];
  const seen = seenOnce(report);
  if (choices.length === 0 && seen.length === 0) return undefined;
  return {
    id: 'choice',
    title: 'When to choose which',
    body: html`<p>From the clear differences of this report alone, on this machine and at these rates.</p>
${choices.map(([brew, reasons]) => html`<h3 class="${toneOfName(report, brew)}"><span class="accent">${brew}</span></h3>
<ul>${reasons.map(({ where, figure }) => html`<li>Where <strong>${where}</strong>: ${figure}</li>`)}</ul>`)}
${alike.length === 0 ? NOTHING : html`<h3>Either</h3><p>Inside the noise, and so no reason for one or the other: ${alike.join('; ')}.</p>`}
${seen.length === 0 ? NOTHING : html`<h3>Seen once</h3><p>A sign, and no reason by itself: ${seen.join(' ')}</p>`}`,
  };
}
