import { context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { Counter, Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { currentExemplar, exemplarOf } from './exemplar.ts';
import { histogramWithExemplars, openMetrics } from './open-metrics.ts';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };

function registryWithAll(): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'cups_total', help: 'Cups.', registers }).inc(3);
  new Gauge({ name: 'queue', help: 'Waiting.', labelNames: ['station'], registers, collect() { this.reset(); this.set({ station: 'espresso' }, 2); } });
  const seconds = histogramWithExemplars(registry, { name: 'brew_seconds', help: 'Brewing.', labelNames: ['drink'], buckets: [1, 10] });
  seconds.observe({ labels: { drink: 'espresso' }, value: 5, exemplarLabels: exemplarOf(SPAN) });
  return registry;
}

test('an exemplar stands behind its bucket in OpenMetrics, and nowhere in the text format', async () => {
  const registry = registryWithAll();
  const page = await openMetrics(registry);
  expect(page).toMatch(/^brew_seconds_bucket\{le="10",drink="espresso"\} 1 # \{trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"\} 5 [\d.]+$/m);
  expect(page.endsWith('\n# EOF\n')).toBe(true);
  expect(await registry.metrics()).not.toContain('trace_id');
});

test('one format does not change the other: a counter keeps its name, and a gauge that is read has one figure in both', async () => {
  const registry = registryWithAll();
  const text = await registry.metrics();
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const page = await openMetrics(registry);
    expect(page).toContain('# TYPE cups counter\ncups_total 3\n');
    expect(page).toContain('\nqueue{station="espresso"} 2\n');
  }
  expect(await registry.metrics()).toBe(text);
  expect(text).toContain('# TYPE cups_total counter\ncups_total 3\n');
});

test('a span that is not recorded, or none at all, is no exemplar', () => {
  expect(exemplarOf({ ...SPAN, traceFlags: TraceFlags.NONE })).toEqual({});
  expect(exemplarOf({ ...SPAN, traceId: '0'.repeat(32) })).toEqual({});
  expect(exemplarOf(undefined)).toEqual({});
  expect(context.with(trace.setSpanContext(ROOT_CONTEXT, SPAN), currentExemplar)).toEqual({});
});
