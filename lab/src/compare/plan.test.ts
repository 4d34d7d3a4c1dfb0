import { expect, test } from 'vitest';
import { DEMO, FULL, QUICK, sectionsOn, STANDARD } from './comparison-settings.ts';
import { followPlan, planOf } from './plan.ts';
import { SECTIONS } from './report-schema.ts';

const seconds = (settings: typeof DEMO, backends: 'embedded' | 'containers'): number => planOf({ settings, backends, brews: 2, sections: sectionsOn(backends, settings) }).reduce((sum, step) => sum + step.seconds, 0);

test.each([
  [DEMO, 'embedded', 60],
  [QUICK, 'embedded', 90],
  [STANDARD, 'embedded', 360],
  [STANDARD, 'containers', 900],
] as const)('when the $form form of two brews is planned, then it has time for that', (settings, backends, most) => {
  expect(seconds(settings, backends)).toBeLessThanOrEqual(most);
});

test('when more is asked for, then the plan has more steps', () => {
  const titles = (settings: typeof DEMO, sections = settings.sections): string[] => planOf({ settings, backends: 'embedded', brews: 2, sections }).map(({ title }) => title);
  expect(titles(FULL)).toEqual(['starting', 'preparing', 'one order traced', 'comparison', 'saturation', 'start-up', 'a change in one module', 'isolation', 'scaling', 'blast radius', 'taxes and dial']);
  expect(titles(QUICK)).toEqual(['starting', 'preparing', 'one order traced', 'comparison', 'start-up']);
  expect(titles(FULL, ['taxes'])).toEqual(['taxes and dial']);
  expect(titles(STANDARD)).not.toContain('taxes and dial');
  expect(planOf({ settings: STANDARD, backends: 'containers', brews: 2, sections: sectionsOn('containers', STANDARD) }).map(({ title }) => title)).toEqual(['starting', 'preparing', 'one order traced', 'comparison', 'saturation', 'start-up', 'taxes and dial']);
  expect(titles(QUICK, SECTIONS)).toEqual(['starting', 'preparing', 'one order traced', 'comparison', 'start-up', 'a change in one module', 'isolation', 'blast radius']);
});

test('when a plan is followed, then each line says how much is left, and what has not ended is known', () => {
  const lines: string[] = [];
  const plan = followPlan([{ title: 'a', seconds: 100 }, { title: 'b', seconds: 40 }, { title: 'c', seconds: 60 }], (line) => { lines.push(line); });
  plan.tell('starting');
  plan.begin('b');
  plan.tell('half of b', 0.5);
  expect(lines).toEqual(['starting (about 3 min left)', 'half of b (about 80 s left)']);
  expect(plan.missing()).toEqual(['the rest of b', 'c']);
});
