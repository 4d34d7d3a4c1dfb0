import { describe, expect, onTestFinished, test } from 'vitest';
import { docker } from '../../lab/src/containers/docker.ts';
import { balanceModes, nginxRun, type NginxVariables } from './support/nginx-run.ts';

/** Rejects with what `nginx -t` complains about. */
async function check(variables: NginxVariables): Promise<void> {
  await docker(nginxRun(variables, ['--rm'], ['nginx', '-t']));
}

describe('nginx -t', () => {
  test.each(balanceModes())('accepts the configuration with NGINX_BALANCE=%s, with and without weights', async (balance) => {
    await check({ balance });
    await check({ balance, monolith: 'server 127.0.0.1:1 weight=3 fail_timeout=2s; server 127.0.0.1:2;' });
  });

  test('refuses a way to balance that does not exist, and servers that are none', async () => {
    await expect(check({ balance: 'first_come' })).rejects.toThrow('first_come.conf');
    await expect(check({ balance: 'random', monolith: 'monolith:8080' })).rejects.toThrow('emerg');
  });
});

test('the ways to balance are least_conn, round_robin, ip_hash and random', () => {
  expect(balanceModes().toSorted()).toEqual(['ip_hash', 'least_conn', 'random', 'round_robin']);
});

test('a problem document of its own names the trace of the caller, and none where the caller has none', async () => {
  const id = (await docker(nginxRun({ balance: 'least_conn' }, ['--detach', '--publish=127.0.0.1::8081']))).trim();
  onTestFinished(async () => { await docker(['rm', '--force', id]); });
  const origin = `http://${(await docker(['port', id, '8081/tcp'])).trim()}`;
  const ask = async (headers: Record<string, string>): Promise<unknown> => (await fetch(`${origin}/api/v1/orders`, { headers })).json();
  await expect.poll(() => fetch(origin).then(() => true, () => false), { timeout: 30_000 }).toBe(true);
  const trace = 'a'.repeat(32);
  // Nobody listens behind it.
  const problem = { type: '/problems/upstream_failed', title: 'A service behind the gateway failed', status: 502, code: 'upstream_failed', detail: 'A service behind the gateway failed.' };
  expect(await ask({})).toEqual(problem);
  expect(await ask({ traceparent: `00-${trace}-${'b'.repeat(16)}-01` })).toEqual({ ...problem, traceId: trace });
});
