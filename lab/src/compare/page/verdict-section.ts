import { html, NOTHING, type Html } from '../../page/html.ts';
import type { ComparisonReport, Verdict } from '../report-schema.ts';
import { FEWEST_PAIRS, NOISE_SHARE, pairsOf, times } from '../verdict.ts';
import { toneOfName } from './brews.ts';
import { ratioScale, renderRatioStrip, renderRatioTicks, type RatioScale } from './charts/ratio-strip.ts';
import { headlines } from './headlines.ts';
import { listOf } from './list-of.ts';
import { behind, commandOf, type Section } from './section.ts';

/** Who needs less of what and by how much, with the uncertainty first. */
export function verdictSection(report: ComparisonReport): Section {
  const { verdicts, warnings } = report;
  return {
    id: 'verdict',
    title: 'Verdict',
    body: html`<p>${whatWasCompared(report)} Each ratio comes with its 95 % interval, from pairs measured one after the other. A brew is named only if that whole interval lies more than ${NOISE_SHARE * 100} % from 1 and rests on ${FEWEST_PAIRS} pairs or more.</p>
${headline(report)}
${theRest(verdicts)}
${warnings.map((warning) => html`<p class="warning"><strong>Mind:</strong> ${warning}</p>`)}
${forests(report)}
${verdicts.length === 0 ? NOTHING : behind('Every verdict in words', html`<ul>${verdicts.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>`, commandOf(report, 'comparison'))}`,
  };
}

function whatWasCompared({ topologies, environment }: ComparisonReport): string {
  const brews = topologies.map(({ name, processes }) => `${name} (${processes.length === 1 ? 'one process' : `${processes.length} processes`})`);
  return `${listOf(brews)}: the same code, data and load, in turn on ${environment.cores} cores.`;
}

function headline(report: ComparisonReport): Html {
  const shown = headlines(report.verdicts);
  if (shown.length === 0) return html`<p><strong>No brew can be named ahead in anything.</strong></p>`;
  return html`<ul class="headline">${shown.map(({ ratio: { estimate }, winner = '', sentence }) => html`<li class="${toneOfName(report, winner)}"><strong>${times(Math.max(estimate, 1 / estimate))}</strong> ${sentence}</li>`)}</ul>`;
}

const REASONS: Readonly<Record<Exclude<Verdict['outcome'], 'differ'>, string>> = {
  indistinguishable: 'Inside the noise',
  'too few': 'Too few values to tell',
  overloaded: 'Not comparable, a brew did not keep up',
  'not measured': 'Not measured',
};

function theRest(verdicts: readonly Verdict[]): Html {
  const isOne = new Set(verdicts.map(({ topology }) => topology)).size === 1;
  const reasons = Object.entries(REASONS).map(([outcome, words]) => ({ words, metrics: verdicts.filter((verdict) => verdict.outcome === outcome).map(({ metric, topology }) => (isOne ? metric : `${metric} (${topology})`)) }));
  return html`${reasons.filter(({ metrics }) => metrics.length > 0).map(({ words, metrics }) => html`<p><strong>${words}:</strong> ${metrics.join('; ')}.</p>`)}`;
}

function forests(report: ComparisonReport): Html {
  const told = report.verdicts.filter(({ ratio }) => ratio.low > 0);
  const pairs = [...Map.groupBy(told, ({ topology }) => topology)];
  return html`${pairs.map(([topology, verdicts]) => forest(report, topology, verdicts))}`;
}

function forest(report: ComparisonReport, topology: string, verdicts: readonly Verdict[]): Html {
  const scale = ratioScale(verdicts.map(({ ratio }) => ratio));
  return html`<h3>${topology} as a multiple of ${verdicts[0]?.baseline ?? ''}</h3>
<ul class="forest"><li class="forest-scale"><span></span>${renderRatioTicks(scale)}<span></span></li>
${verdicts.map((verdict) => forestRow(report, verdict, scale))}</ul>
<p class="note">To the left of 1× ${topology} has less, to the right more. Dot: best estimate; line: 95 % interval; band: what counts as noise. The scale is logarithmic.</p>`;
}

function forestRow(report: ComparisonReport, { metric, ratio, outcome, winner }: Verdict, scale: RatioScale): Html {
  const tone = winner === undefined ? 'brew-none' : toneOfName(report, winner);
  return html`<li><span>${metric}</span>${renderRatioStrip(ratio, { scale, noise: NOISE_SHARE, tone })}<span class="forest-value"><strong>${times(ratio.estimate)}</strong> ${times(ratio.low)} to ${times(ratio.high)}<br><small>${pairsOf(ratio)}: ${winner === undefined ? wordsOf(outcome) : html`<span class="accent ${tone}">${winner} ahead</span>`}</small></span></li>
`;
}

function wordsOf(outcome: Verdict['outcome']): string {
  return outcome === 'differ' ? 'differ' : REASONS[outcome].toLowerCase();
}
