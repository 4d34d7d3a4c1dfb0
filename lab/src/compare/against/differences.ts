import type { ReportBody } from '../build-report.ts';
import { titleOfPath } from '../page/title-of-path.ts';
import { SECTIONS, type ComparisonReport, type SectionName } from '../report-schema.ts';
import { SECTION_TITLES } from '../section-titles.ts';
import { formatRate, formatRoundMs } from '../units.ts';
import { differing } from './earlier.ts';

export interface Differences {
  told: string[];
  /** Sections measured in another way: their figures are not compared. */
  incomparable: ReadonlySet<SectionName>;
}

type Both = Pick<ComparisonReport, keyof ReportBody>;

/** What was not the same when two reports were measured, beside what forbids to compare them at all. */
export function differencesBetween(before: Both & Pick<ComparisonReport, 'partial'>, now: Both): Differences {
  const resized = SECTIONS.flatMap((section) => {
    const [then, after] = [before, now].map((report) => sizeOf(report, section));
    return then === undefined || after === undefined || then === after ? [] : [{ section, sentence: `${SECTION_TITLES[section]}: ${then} then, ${after} now: not compared` }];
  });
  return {
    told: [
      ...(before.partial === undefined ? [] : [`the earlier report is not whole: ${before.partial.reason}; missing: ${before.partial.missing.join(', ')}`]),
      ...(['node', 'labNode', 'postgres', 'backendParts', 'tracing', 'pinning'] as const).flatMap((key) => (before.environment[key] === undefined || now.environment[key] === undefined ? [] : differing(NAMES[key], before.environment[key], now.environment[key]))),
      ...differing('CPU time from', before.settings.cpuSource, now.settings.cpuSource),
      ...differing('passes', before.settings.passes, now.settings.passes),
      ...(['generatorCores', 'strangerCores', 'stealShare'] as const).flatMap((key) => differing(NAMES[key], before.settings.limits[key], now.settings.limits[key])),
      ...inOneAlone(before, now),
      ...resized.map(({ sentence }) => sentence),
    ],
    incomparable: new Set(resized.map(({ section }) => section)),
  };
}

const NAMES = {
  node: 'Node',
  labNode: 'Node of the lab and its load generator',
  postgres: 'database',
  backendParts: 'backends',
  tracing: 'tracing',
  pinning: 'processors',
  generatorCores: 'cores above which the load generator makes a window void',
  strangerCores: 'cores above which other programs make a window void',
  stealShare: 'share of the host above which a window is void',
} as const;

function inOneAlone(before: Both, now: Both): string[] {
  const only = (one: Both, other: Both): string[] => SECTIONS.filter((section) => has(one, section) && !has(other, section)).map((section) => SECTION_TITLES[section]);
  const [then, after] = [only(before, now), only(now, before)];
  return [...(then.length === 0 ? [] : [`measured then alone: ${then.join(', ')}`]), ...(after.length === 0 ? [] : [`measured now alone: ${after.join(', ')}`])];
}

function has(report: Both, section: SectionName): boolean {
  if (section === 'comparison') return report.topologies.some(({ paths }) => Object.values(paths).some(({ requests }) => requests > 0));
  return section === 'saturation' ? report.saturation.length > 0 : report[section] !== undefined;
}

/** How much of what was done in a section, as far as it decides what its figures mean. */
function sizeOf(report: Both, section: SectionName): string | undefined {
  const { saturation, isolation, scaling, blastRadius } = report;
  const each = (sizes: readonly string[]): string | undefined => (sizes.length === 0 ? undefined : [...new Set(sizes)].join(', '));
  switch (section) {
    case 'saturation':
      return each(saturation.flatMap(({ path, objective, probes }) => [`${titleOfPath(path)} p99 ${formatRoundMs(objective.p99Ms)} and ${objective.errorShare * 100} % errors in ${[...new Set(probes.map(({ seconds }) => seconds))].join(' and ')} s`]));
    case 'isolation':
      return each(isolation?.rows.map(({ disturbance, observedPath, ratePerSecond }) => `${disturbance}, ${titleOfPath(observedPath)} at ${formatRate(ratePerSecond)}`) ?? []);
    case 'scaling':
      return scaling === undefined ? undefined : `${scaling.concurrency} requests at once`;
    case 'blastRadius':
      return blastRadius === undefined ? undefined : `broken for ${blastRadius.brokenSeconds} s`;
    // Their windows are those of the passes, which must be the same.
    case 'comparison':
    case 'taxes':
    case 'dial':
    case 'changes':
      return undefined;
  }
}
