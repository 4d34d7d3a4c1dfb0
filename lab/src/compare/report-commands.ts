import type { ComparisonReport, SectionName } from './report-schema.ts';

/** What was asked for, as options of the command line. */
export interface AskedOptions {
  topologies: readonly string[];
  backends: string;
  form: ComparisonReport['form'];
  seed: number;
  prices?: string;
  noise?: number;
}

/** What to type to measure all of it again, or some sections. */
export function commandOf({ topologies, backends, form, seed, prices, noise }: AskedOptions, only?: readonly SectionName[]): string {
  const usual = topologies.join() === 'monolith,microservices';
  return [
    'npx doubleshot compare',
    ...(usual ? [] : topologies.map((topology) => `--topology "${topology}"`)),
    ...(backends === 'embedded' ? [] : [`--backends ${backends}`]),
    ...(form === 'full' ? ['--full'] : form === 'standard' ? [] : ['--quick']),
    ...(only === undefined ? [] : [`--only ${only.join(',')}`]),
    `--seed ${seed}`,
    ...(prices === undefined ? [] : [`--prices "${prices}"`]),
    ...(noise === undefined ? [] : [`--noise ${noise}`]),
  ].join(' ');
}
