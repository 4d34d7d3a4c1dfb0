import { expect, test } from 'vitest';
import { tellAudit } from './audit-progress.ts';

test('orders are told ten times to the last of them, however few they are and whatever comes between', () => {
  const lines: string[] = [];
  const tell = tellAudit((line) => { lines.push(line); });
  for (let sent = 1; sent <= 25; sent += 1) {
    tell({ step: 'load', sent, total: 25, acknowledged: sent, unknown: 0, refused: 0 });
    if (sent === 9) tell({ step: 'kill', process: 'orders' });
  }
  tell({ step: 'load', sent: 25, total: 25, acknowledged: 25, unknown: 0, refused: 0 });
  expect(lines).toEqual([...[1, 4, 7].map(placed), 'killed orders', ...[10, 13, 16, 19, 22, 25].map(placed)]);
});

function placed(sent: number): string {
  return `placing orders: ${sent} of 25`;
}
