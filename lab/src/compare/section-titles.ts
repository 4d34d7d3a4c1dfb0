import type { SectionName } from './report-schema.ts';

/** People's names of the parts of a comparison. */
export const SECTION_TITLES: Readonly<Record<SectionName, string>> = {
  comparison: 'costs and latency',
  saturation: 'highest rates',
  taxes: 'two taxes',
  dial: 'the dial',
  blastRadius: 'what still works when a part is broken',
  isolation: 'one busy module, and the others',
  scaling: 'more of a process',
  changes: 'a change in one module',
};
