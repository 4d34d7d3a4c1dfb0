import type { ModuleName } from '@doubleshot/contracts';
import { BODY_LIMIT_BYTES } from '@doubleshot/shared/http';
import { defineModule, type ModuleDeps, type ServiceModule, type Upstream } from '@doubleshot/shared/runtime';
import { ignoreCallersTraces } from '@doubleshot/shared/telemetry';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { createGatewayRouter, type Destination } from './gateway-router.ts';
import { createGatewayRoutes } from './gateway-routes.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createUpstreamProxy, type UpstreamProxy } from './proxy/upstream-proxy.ts';
import { GATEWAY_SETTINGS, type GatewaySettings } from './settings.ts';

export type GatewayDeps = Pick<ModuleDeps<GatewaySettings>, 'settings' | 'metrics' | 'upstreams'>;

type Upstreams = GatewayDeps['upstreams'];

/** The only way in: routes each operation to its module, limits rates, streams, serves the API document. It keeps nothing. */
export function createGatewayModule({ settings, metrics: registry, upstreams }: GatewayDeps): ServiceModule {
  const metrics = createGatewayMetrics(registry);
  const proxies: UpstreamProxy[] = [];
  const trustTraceContext = settings.TRUST_TRACE_CONTEXT === 'true';
  ignoreCallersTraces(!trustTraceContext);

  function destinationOf(module: ModuleName, upstream: Upstream): Destination {
    if ('router' in upstream) return upstream;
    const proxy = createUpstreamProxy({
      module,
      origin: upstream.origin,
      connectTimeoutMs: settings.UPSTREAM_CONNECT_TIMEOUT_MS,
      answerTimeoutMs: settings.UPSTREAM_TIMEOUT_MS,
      maxInFlight: settings.UPSTREAM_MAX_IN_FLIGHT,
      maxWaits: settings.UPSTREAM_MAX_WAITS,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      trustedHops: settings.TRUSTED_PROXY_HOPS,
      trustTraceContext,
      metrics,
    });
    proxies.push(proxy);
    return { proxy };
  }

  const router = createGatewayRouter({
    routes: createGatewayRoutes(),
    destinations: mapUpstreams(upstreams, destinationOf),
    limits: createRateLimits({
      perSecond: settings.RATE_LIMIT_PER_SECOND,
      loginsPerMinute: settings.LOGIN_RATE_LIMIT_PER_MINUTE,
      trustedHops: settings.TRUSTED_PROXY_HOPS,
      onRefusal: metrics.rateLimited,
    }),
  });

  return {
    name: 'gateway',
    router,
    start: () => Promise.resolve(),
    // Not a question to the services behind: one of them being down must not take the others, and the way to them, along.
    ready: () => Promise.resolve(),
    close: async () => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

function mapUpstreams(upstreams: Upstreams, map: (module: ModuleName, upstream: Upstream) => Destination): Record<keyof Upstreams, Destination> {
  return {
    auth: map('auth', upstreams.auth),
    orders: map('orders', upstreams.orders),
    notifications: map('notifications', upstreams.notifications),
  };
}

/** How to run the gateway. */
export const gatewayModule = defineModule({
  name: 'gateway',
  settings: GATEWAY_SETTINGS,
  needs: ['upstreams'],
  migrations: [],
  create: createGatewayModule,
});
