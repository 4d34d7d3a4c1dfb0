import { expect, test } from 'vitest';
import type { Span } from '../../receivers/span.ts';
import { billOrder } from '../../trace/network-tax.ts';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from '../../trace/sample-spans.ts';
import { renderWaterfall } from '../../trace/waterfall-text.ts';
import { keptSpans } from './kept-spans.ts';

const BOTH = [{ title: 'monolith', spans: MONOLITH_SPANS }, { title: 'microservices', spans: MICROSERVICES_SPANS }];

test('when spans are kept in a report, then the waterfall and the bill are those of the spans that came', () => {
  const kept = BOTH.map(({ title, spans }) => ({ title, spans: keptSpans(spans) }));
  const options = { width: 120, color: false };
  expect(renderWaterfall(kept, options)).toBe(renderWaterfall(BOTH, options));
  for (const [index, { spans }] of kept.entries()) expect(billOrder(spans).answer?.totalMs).toBeCloseTo(billOrder(BOTH[index]?.spans ?? []).answer?.totalMs ?? 0);
});

test('when spans are kept, then they begin at 0 and leave out what no drawing needs', () => {
  const span: Span = { traceId: 't', spanId: 's', service: 'orders', name: 'INSERT', kind: 'client', startMs: 1_700_000_000_000.5, durationMs: 1.234_567_8, failed: false, links: [], attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'INSERT …', 'user.id': 'somebody' } };
  expect(keptSpans([span])).toEqual([{ traceId: 't', spanId: 's', service: 'orders', name: 'INSERT', kind: 'client', startMs: 0, durationMs: 1.235, failed: false, links: [], attributes: { 'db.system.name': 'postgresql' } }]);
});
