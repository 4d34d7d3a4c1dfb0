import { describe, expect, test } from 'vitest';
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
