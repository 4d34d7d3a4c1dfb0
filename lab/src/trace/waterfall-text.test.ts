import { expect, test } from 'vitest';
import { MICROSERVICES_SPANS, MONOLITH_SPANS } from './sample-spans.ts';
import { renderWaterfall } from './waterfall-text.ts';

const BREWS = [
  { title: 'monolith', spans: MONOLITH_SPANS },
  { title: 'microservices', spans: MICROSERVICES_SPANS },
];

test('when two brews are drawn at 100 columns, then equal steps share a line and no line is longer', () => {
  const text = renderWaterfall(BREWS, { width: 100, color: false });
  expect(Math.max(...text.split('\n').slice(0, -2).map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(text).toMatchInlineSnapshot(`
    "                               monolith                        microservices
    operation                      service   start     ms          service        start     ms
    POST /api/v1/orders            monolith    0.0    9.5●▌        gateway          0.0   14.0●▋
     POST → upstream                                               gateway          1.5   12.0●▌
     POST /api/v1/orders                                           orders           3.0    9.0●▍
     place order                   monolith    2.0    6.0●▍        orders           4.0    7.0●▍
      relay → orders.v1            monolith    8.1    3.0 ▏        orders          11.0    4.0 ▏
      process orders.v1            monolith    9.0    2.0 ▏        notifications   40.0    5.0✗ ▎
      relay → brewing.espresso     monolith    8.0    130 ███████▌ orders          11.2    5.0 ▎
      process brewing.espresso     monolith    9.0    128 ███████▍ orders          50.0    128   █████▊
       brew                        monolith    9.5    120 ███████  orders          52.0    121   █████▌
    monolith: 10 spans in one process, 138 ms, trace aaaa
    microservices: 12 spans in 3 processes (gateway, orders, notifications), 178 ms, trace bbbb"
  `);
});

test('when one brew is drawn, then it has the whole width', () => {
  expect(renderWaterfall(BREWS.slice(1), { width: 80, color: false })).toMatchInlineSnapshot(`
    "                               microservices
    operation                      service        start     ms
    POST /api/v1/orders            gateway          0.0   14.0●█▋
     POST → upstream               gateway          1.5   12.0●█▍
     POST /api/v1/orders           orders           3.0    9.0●█
     place order                   orders           4.0    7.0●▉
      relay → orders.v1            orders          11.0    4.0  ▌
      process orders.v1            notifications   40.0    5.0✗    ▋
      relay → brewing.espresso     orders          11.2    5.0  ▋
      process brewing.espresso     orders          50.0    128      ███████████████▏
       brew                        orders          52.0    121       ██████████████▎
    microservices: 12 spans in 3 processes (gateway, orders, notifications), 178 ms, trace bbbb"
  `);
});

test('when colors are on, then the text is the same without them', () => {
  const colored = renderWaterfall(BREWS, { width: 100, color: true });
  expect(colored).toContain('\u001b[');
  const plain = colored.replaceAll(/\u001b\[\d+m/gu, '').split('\n').map((line) => line.trimEnd()).join('\n');
  expect(plain).toBe(renderWaterfall(BREWS, { width: 100, color: false }));
});
