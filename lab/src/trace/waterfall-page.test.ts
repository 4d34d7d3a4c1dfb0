import { expect, test } from 'vitest';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from './sample-spans.ts';
import { renderWaterfallPage } from './waterfall-page.ts';

const hostile = MONOLITH_SPANS.map((span, index) => (index === 1 ? { ...span, attributes: { 'doubleshot.order.id': '</script><script>alert(1)</script>' } } : span));
const page = renderWaterfallPage([{ title: 'monolith', spans: hostile }, { title: 'microservices', spans: MICROSERVICES_SPANS }], ['order-1', 'order-2']);

test('when the page is written, then every span of both brews is on it', () => {
  expect(page.match(/<details class="span/gu)).toHaveLength(MONOLITH_SPANS.length + MICROSERVICES_SPANS.length);
  expect(page).toContain('<code>order-2</code>');
});

test('when the page is written, then it says where the time went, how that was found, and which spans were on the way', () => {
  expect(page).toContain('<h2>Network tax</h2>');
  expect(page).toContain('from the request to its answer');
  expect(page).toContain('an HTTP call without its server span');
  expect(page.match(/class="span [a-z]+ critical"/gu)?.length).toBeGreaterThan(2);
});

test('when the page is opened, then it fetches nothing', () => {
  expect(page).not.toMatch(/https?:|src=|@import|url\(/u);
});

test('when an attribute holds markup, then it stays text', () => {
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;/script&gt;');
});
