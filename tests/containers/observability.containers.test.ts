import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docker } from '../../lab/src/containers/docker.ts';

const FILE = join(import.meta.dirname, '../../deploy/docker/compose.yaml');
const SECRETS = { POSTGRES_PASSWORD: 'x', REDIS_PASSWORD: 'x', RABBITMQ_PASSWORD: 'x', SIGNING_KEY_SECRET: 'x' };
const SHOP = ['auth', 'gateway', 'kafka', 'monolith', 'nginx', 'notifications', 'orders', 'postgres', 'rabbitmq', 'redis'];

/** What `docker compose` would start with these profiles, as it reads the files. */
async function servicesWith(profiles: string): Promise<string[]> {
  const config = await docker(['compose', '--file', FILE, 'config', '--format', 'json'], { env: { ...SECRETS, COMPOSE_PROFILES: profiles } });
  return Object.keys((JSON.parse(config) as { services: object }).services).toSorted();
}

test.each([
  ['monolith,microservices', SHOP],
  ['monolith,microservices,tracing', [...SHOP, 'jaeger', 'otel-collector']],
  ['monolith,microservices,elk', [...SHOP, 'elasticsearch', 'elk-setup', 'filebeat', 'kibana', 'logstash']],
  ['monolith,microservices,tracing,elk', [...SHOP, 'elasticsearch', 'elk-setup', 'filebeat', 'jaeger', 'kibana', 'logstash', 'otel-collector']],
])('when the profiles are %s, then the engine reads the files and would start their services', async (profiles, services) => {
  expect(await servicesWith(profiles)).toEqual(services.toSorted());
});
