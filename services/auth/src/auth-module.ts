import { getJwks, getMe, login, logout, refresh, register } from '@doubleshot/contracts';
import { createOperationRouter, handle } from '@doubleshot/shared/http';
import { createOutbox } from '@doubleshot/shared/messaging';
import { createPeriodic, defineModule, type ModuleDeps, type ServiceModule } from '@doubleshot/shared/runtime';
import { Counter } from 'prom-client';
import { createAccessTokenIssuer } from './keys/access-token.ts';
import { createGetJwks } from './keys/get-jwks.ts';
import { createSigningKeys } from './keys/signing-keys.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import { AUTH_MIGRATIONS } from './schema.ts';
import { cleanSessions } from './sessions/clean-sessions.ts';
import { createLogIn } from './sessions/log-in.ts';
import { createLogOut } from './sessions/log-out.ts';
import { createRefreshTokens } from './sessions/refresh-tokens.ts';
import { AUTH_SETTINGS, staffCredentials, type AuthSettings } from './settings.ts';
import { createGetMe } from './users/get-me.ts';
import { createRegister } from './users/register.ts';
import { seedStaff } from './users/seed-staff.ts';
import { createUserStore } from './users/user-store.ts';

const SCHEMA = 'auth';
const CLEANING_INTERVAL_MS = 600_000;
const KEY_MAINTENANCE_LONGEST_INTERVAL_MS = 60_000;
const KEY_MAINTENANCE_SHORTEST_INTERVAL_MS = 250;

export type AuthDeps = Pick<ModuleDeps<AuthSettings>, 'settings' | 'logger' | 'metrics' | 'database' | 'eventLog' | 'taskQueue' | 'tokens' | 'localKeys'>;

/** Registers people, logs them in and signs their access tokens. Throws a `SettingsError` when half a staff user is configured. */
export function createAuthModule(deps: AuthDeps): ServiceModule {
  const { settings, database, localKeys } = deps;
  const staff = staffCredentials(settings);
  const parts = createParts(deps);
  const { keys, outbox } = parts;
  localKeys.provide(keys.published);
  const timers = createTimers(deps, keys.maintain);
  let closing: Promise<void> | undefined;

  return {
    name: 'auth',
    router: createOperationRouter({ operations: bindOperations(deps, parts), tokens: deps.tokens }),
    outbox,
    // Without a broker people log in all the same.
    prepare: async () => {
      await keys.maintain();
      if (staff !== undefined) await seedStaff(parts, staff);
      if (closing === undefined) for (const timer of timers) timer.start();
    },
    start: () => {
      if (closing === undefined) outbox.start();
      return Promise.resolve();
    },
    ready: async () => {
      await database.ready();
      if (!keys.areOpen()) throw new Error('the signing keys are not open yet');
    },
    close: () => (closing ??= Promise.all([...timers, outbox].map((part) => part.close())).then(() => undefined)),
  };
}

type Parts = ReturnType<typeof createParts>;

function createParts({ settings, logger, metrics, database, eventLog, taskQueue }: AuthDeps) {
  return {
    users: createUserStore(database),
    passwords: createPasswordHasher({ concurrency: settings.PASSWORD_HASH_CONCURRENCY, queueLimit: settings.PASSWORD_HASH_QUEUE_LIMIT, metrics }),
    outbox: createOutbox({ database, schema: SCHEMA, eventLog, taskQueue, logger, metrics }),
    keys: createSigningKeys({
      database,
      secret: settings.SIGNING_KEY_SECRET,
      tokenTtlSeconds: settings.ACCESS_TOKEN_TTL_SECONDS,
      policy: {
        algorithms: settings.JWT_ALGORITHMS,
        rotationMs: settings.SIGNING_KEY_ROTATION_SECONDS * 1_000,
        leadMs: settings.SIGNING_KEY_LEAD_SECONDS * 1_000,
      },
    }),
  };
}

function bindOperations({ settings, database, metrics }: AuthDeps, { users, passwords, outbox, keys }: Parts) {
  const reuses = new Counter({
    name: 'doubleshot_refresh_token_reuses_total',
    help: 'Spent refresh tokens that came back, each of which revoked a session.',
    registers: [metrics],
  });
  const tokens = {
    database,
    issueAccessToken: createAccessTokenIssuer({
      keys,
      issuer: settings.JWT_ISSUER,
      audience: settings.JWT_AUDIENCE,
      ttlSeconds: settings.ACCESS_TOKEN_TTL_SECONDS,
    }),
    accessTokenTtlSeconds: settings.ACCESS_TOKEN_TTL_SECONDS,
    refreshTokenTtlSeconds: settings.REFRESH_TOKEN_TTL_SECONDS,
  };
  const onReuse = (): void => {
    reuses.inc();
  };
  return [
    handle(register, createRegister({ users, passwords, outbox })),
    handle(login, createLogIn({ ...tokens, users, passwords })),
    handle(refresh, createRefreshTokens({ ...tokens, retryWindowSeconds: settings.REFRESH_RETRY_WINDOW_SECONDS, onReuse })),
    handle(logout, createLogOut(database)),
    handle(getMe, createGetMe(users)),
    handle(getJwks, createGetJwks(keys, settings.SIGNING_KEY_LEAD_SECONDS)),
  ];
}

function createTimers({ settings, logger, database }: AuthDeps, maintainKeys: () => Promise<void>) {
  // Several looks while a new key is published and does not sign yet.
  const leadQuarterMs = settings.SIGNING_KEY_LEAD_SECONDS * 250;
  return [
    createPeriodic({
      intervalMs: Math.min(Math.max(leadQuarterMs, KEY_MAINTENANCE_SHORTEST_INTERVAL_MS), KEY_MAINTENANCE_LONGEST_INTERVAL_MS),
      work: maintainKeys,
      onError: (err) => {
        logger.warn({ err }, 'the signing keys could not be looked after; trying again later');
      },
    }),
    createPeriodic({
      intervalMs: CLEANING_INTERVAL_MS,
      work: async () => {
        const rows = await cleanSessions(database);
        if (rows > 0) logger.info({ rows }, 'deleted expired refresh tokens and sessions');
      },
      onError: (err) => {
        logger.warn({ err }, 'expired sessions could not be deleted; trying again later');
      },
    }),
  ];
}

export const authModule = defineModule({
  name: 'auth',
  settings: AUTH_SETTINGS,
  needs: ['database', 'eventLog', 'taskQueue', 'tokens'],
  migrations: AUTH_MIGRATIONS,
  create: createAuthModule,
});
