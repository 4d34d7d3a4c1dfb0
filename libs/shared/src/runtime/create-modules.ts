import type { ModuleName } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createLocalKeys } from '../security/local-keys.ts';
import { createRemoteKeys } from '../security/remote-keys.ts';
import type { KeySource, LocalKeys } from '../security/keys.ts';
import type { TokenVerifier } from '../security/principal.ts';
import { createTokenVerifier } from '../security/token-verifier.ts';
import type { Backends } from './backends.ts';
import type { CommonSettings } from './common-settings.ts';
import type { ModuleDefinition, ModuleDeps, ServiceModule, Upstream } from './module.ts';
import type { ProcessSettings } from './process-settings.ts';

const KEY_SET_PATH = '/.well-known/jwks.json';

export interface CreateModulesOptions {
  modules: readonly ModuleDefinition[];
  settings: ProcessSettings;
  backends: Backends;
  logger: Logger;
  metrics: Registry;
}

/** Creates the modules in their order. The gateway, last, is given the routers of those before it and the URLs of the others. */
export function createModules({ modules, settings, backends, logger, metrics }: CreateModulesOptions): ServiceModule[] {
  const { common } = settings;
  const localKeys = createLocalKeys();
  const tokens = createTokens(common, keysOf(common, modules, localKeys));
  const running = new Map<ModuleName, ServiceModule>();
  const upstreamOf = (name: ModuleName, origin: string | undefined): Upstream => {
    const router = running.get(name)?.router;
    return router === undefined ? { origin: origin ?? '' } : { router };
  };
  for (const definition of modules) {
    const deps = {
      settings: settings.all,
      logger: logger.child({ 'doubleshot.module': definition.name }),
      metrics,
      ...backends,
      tokens,
      localKeys,
      upstreams: {
        auth: upstreamOf('auth', common.AUTH_URL),
        orders: upstreamOf('orders', common.ORDERS_URL),
        notifications: upstreamOf('notifications', common.NOTIFICATIONS_URL),
      },
    };
    // A module looks only at what its `needs` name; the others are not there.
    running.set(definition.name, definition.create(deps as unknown as ModuleDeps<never>));
  }
  return [...running.values()];
}

function createTokens(common: CommonSettings, keys: KeySource): TokenVerifier {
  return createTokenVerifier({ keys, issuer: common.JWT_ISSUER, audience: common.JWT_AUDIENCE, algorithms: common.JWT_ALGORITHMS });
}

function keysOf(common: CommonSettings, modules: readonly ModuleDefinition[], localKeys: LocalKeys): KeySource {
  if (modules.some(({ name }) => name === 'auth')) return localKeys;
  return createRemoteKeys({ url: common.JWKS_URL ?? `${common.AUTH_URL ?? ''}${KEY_SET_PATH}` });
}
