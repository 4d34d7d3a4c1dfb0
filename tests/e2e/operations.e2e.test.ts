import { expect, test } from 'vitest';
import { describeEachTopology } from './support/shop.ts';

describeEachTopology('the ops listener', (shop) => {
  test('of every process answers probes and metrics, and nothing of the API', async () => {
    for (const { name, opsOrigin } of shop.processes) {
      const status = async (path: string): Promise<number> => (await fetch(`${opsOrigin}${path}`)).status;
      expect([name, await status('/livez'), await status('/readyz'), await status('/api/v1/menu')]).toEqual([name, 200, 200, 404]);
      expect(await (await fetch(`${opsOrigin}/metrics`)).text()).toMatch(/^process_cpu_seconds_total/m);
      expect(await (await fetch(`${opsOrigin}/parked`)).json()).toEqual({ items: [] });
    }
  });

  test('changes the log level while the process runs, and refuses one that is none', async () => {
    for (const { opsOrigin } of shop.processes) {
      const put = (level: string, forSeconds?: number): Promise<Response> => fetch(
        `${opsOrigin}/log-level`,
        { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ level, forSeconds }) },
      );
      const { level } = (await (await fetch(`${opsOrigin}/log-level`)).json()) as { level: string };
      expect((await put('error')).status).toBe(200);
      expect(await (await fetch(`${opsOrigin}/log-level`)).json()).toEqual({ level: 'error' });
      expect(await (await put('debug', 600)).json()).toEqual({ level: 'debug', until: expect.any(String), then: 'error' });
      expect((await put('loud')).status).toBe(400);
      expect((await put(level)).status).toBe(200);
    }
  });
});
