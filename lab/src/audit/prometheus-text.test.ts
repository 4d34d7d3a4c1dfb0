import { expect, test } from 'vitest';
import { parsePrometheusText } from './prometheus-text.ts';

test('when a page has comments, labels with escapes, exemplars and odd values, then each sample is read', () => {
  const page = [
    '# HELP doubleshot_outbox_rows Rows.',
    'doubleshot_outbox_rows{module="orders"} 3',
    'doubleshot_queue_depth{queue="brewing.espresso",state="ready"} 0 # {trace_id="abc"} 1.0',
    'plain 1.5e3',
    'odd{text="a \\"quoted\\" \\\\ line\\nbreak, x=\\"1\\""} NaN',
    '',
  ].join('\n');
  expect(parsePrometheusText(page)).toEqual([
    { name: 'doubleshot_outbox_rows', labels: { module: 'orders' }, value: 3 },
    { name: 'doubleshot_queue_depth', labels: { queue: 'brewing.espresso', state: 'ready' }, value: 0 },
    { name: 'plain', labels: {}, value: 1500 },
    { name: 'odd', labels: { text: 'a "quoted" \\ line\nbreak, x="1"' }, value: NaN },
  ]);
});
