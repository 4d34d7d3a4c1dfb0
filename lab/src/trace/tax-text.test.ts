import { expect, test } from 'vitest';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from './sample-spans.ts';
import { renderTaxTables } from './tax-page.ts';
import { NO_WAY, renderTax } from './tax-text.ts';

/** No e-mail has gone out of either. */
const TRACES = [
  { title: 'monolith', spans: MONOLITH_SPANS },
  { title: 'microservices', spans: MICROSERVICES_SPANS },
];

test('the way to the answer is a table with a total for each brew', () => {
  expect(renderTax(TRACES)).toMatch(/^from the request to its answer +monolith +microservices\n[^]* {2}total +9\.50 ms +100 % +14\.00 ms +100 %\n/);
});

test('a way that the order did not go is said instead of an empty table, as text and on the page', () => {
  expect(renderTax(TRACES)).toContain(`\nfrom the request to the e-mail: ${NO_WAY}\n`);
  expect(renderTaxTables(TRACES).markup).toContain(`<h3>from the request to the e-mail</h3><p>${NO_WAY}</p>`);
});
