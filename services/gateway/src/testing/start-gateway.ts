import { parseSettings } from '@doubleshot/shared/config';
import { createHttpServer } from '@doubleshot/shared/http';
import { createSilentLogger } from '@doubleshot/shared/logging';
import type { Upstream } from '@doubleshot/shared/runtime';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { createGatewayModule } from '../gateway-module.ts';
import { GATEWAY_SETTINGS } from '../settings.ts';

/** Nothing listens there: the port of the discard service is reserved. */
export const NOBODY = { origin: 'http://127.0.0.1:9' };

export interface RunningGateway {
  origin: string;
  metrics: Registry;
  /** Cuts what is open after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>;
}

/** A gateway on a free port, closed when the test is over. Settings are given as the environment has them; the limits are off unless told. */
export async function startGateway(upstreams: Partial<Record<'auth' | 'orders' | 'notifications', Upstream>>, environment: Record<string, string> = {}): Promise<RunningGateway> {
  const settings = parseSettings(GATEWAY_SETTINGS, { RATE_LIMIT_PER_SECOND: '0', ...environment });
  const metrics = new Registry();
  const module = createGatewayModule({ settings, metrics, upstreams: { auth: NOBODY, orders: NOBODY, notifications: NOBODY, ...upstreams } });
  const server = createHttpServer({ routers: [module.router], logger: createSilentLogger(), metrics, port: 0, host: '127.0.0.1' });
  await server.start();
  const close = async (deadlineMs?: number): Promise<void> => {
    await server.close(deadlineMs);
    await module.close();
  };
  onTestFinished(() => close(1));
  return { origin: `http://127.0.0.1:${server.port}`, metrics, close };
}
