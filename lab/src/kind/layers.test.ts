import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { ROOT } from '../paths.ts';
import { componentsOf, parseLayers } from './layers.ts';

test.each([
  ['', []],
  ['+metrics +tracing', ['metrics', 'tracing']],
  [' tracing,+tracing ', ['tracing']],
])('layers written %j are %j', (text, layers) => {
  expect(parseLayers(text)).toEqual(layers);
});

test('when a layer is unknown, then all there are are named', () => {
  expect(() => parseLayers('+tracing +foam')).toThrow(new UsageError('there is no layer "foam"; there are +tracing +metrics +elk +kafka-ha +autoscaling'));
});

test('every layer is made of components that there are', () => {
  const components = componentsOf(parseLayers('+tracing +metrics +elk +kafka-ha +autoscaling'));
  expect(components.length).toBeGreaterThan(5);
  for (const component of components) expect([component, existsSync(join(ROOT, 'deploy/k8s/components', component, 'kustomization.yaml'))]).toEqual([component, true]);
});
