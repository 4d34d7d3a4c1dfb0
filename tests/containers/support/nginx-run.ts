import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../lab/src/paths.ts';

const FOLDER = join(ROOT, 'deploy/docker/nginx');
const IMAGE = 'nginx:1.30';
const ANY_RATE = '1000000';

export interface NginxVariables {
  balance: string;
  /** As in deploy/docker/.env. */
  monolith?: string;
  microservices?: string;
}

/** Names that NGINX_BALANCE takes. */
export function balanceModes(): string[] {
  return readdirSync(join(FOLDER, 'balance')).map((file) => file.replace(/\.conf$/, ''));
}

/** What follows `docker run` for an Nginx with the configuration of deploy/docker, beside that of a shop. */
export function nginxRun({ balance, monolith, microservices }: NginxVariables, options: readonly string[], command: readonly string[] = []): string[] {
  const nobody = 'server 127.0.0.1:9;';
  const variables = { NGINX_BALANCE: balance, NGINX_MONOLITH: monolith ?? nobody, NGINX_MICROSERVICES: microservices ?? nobody, NGINX_RATE_PER_SECOND: ANY_RATE, NGINX_ENVSUBST_FILTER: '^NGINX_' };
  const environment = Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`);
  return ['run', ...options, ...environment, `--volume=${join(FOLDER, 'templates')}:/etc/nginx/templates:ro`, `--volume=${FOLDER}:/etc/nginx/doubleshot:ro`, IMAGE, ...command];
}
