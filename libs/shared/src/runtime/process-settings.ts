import type { ModuleName } from '@doubleshot/contracts';
import type { z } from 'zod';
import type { Environment } from '../config/environment.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { listSetting } from '../config/setting-schemas.ts';
import { BACKEND_SETTINGS, PEER_SETTINGS, PROCESS_SETTINGS, TOKEN_SETTINGS, type CommonSettings } from './common-settings.ts';
import type { ModuleDefinition, Need } from './module.ts';

/** Variables that a process may be given where they are asked for by some need. */
const VARIABLES_OF_NEED = {
  database: ['DATABASE_URL', 'DATABASE_POOL_SIZE', 'MIGRATE'],
  eventLog: ['EVENT_LOG_URL', 'TRACE_MESSAGING'],
  taskQueue: ['TASK_QUEUE_URL', 'TRACE_MESSAGING'],
  cache: ['CACHE_URL'],
  mailer: ['SMTP_URL', 'MAIL_FROM'],
  tokens: [],
  upstreams: [],
} as const satisfies Record<Need, readonly (keyof typeof BACKEND_SETTINGS)[]>;

const URL_OF_MODULE = { auth: 'AUTH_URL', orders: 'ORDERS_URL', notifications: 'NOTIFICATIONS_URL' } as const;

/** The settings of a process: those of all its modules are in it too, typed by whoever knows the module. */
export interface ProcessSettings {
  common: CommonSettings;
  all: Readonly<Record<string, unknown>>;
}

/**
 * Which of `modules` the process runs: those `MODULES` names, in the order given here; all of them when it is missing or there is only one.
 * Throws `SettingsError` for a name that is none of them.
 */
export function selectModules(modules: readonly ModuleDefinition[], environment: Environment): readonly ModuleDefinition[] {
  if (modules.length < 2) return modules;
  const names = modules.map(({ name }) => name);
  const { MODULES } = parseSettings({ MODULES: modulesSetting(names).optional() }, environment);
  return MODULES === undefined ? modules : modules.filter(({ name }) => MODULES.includes(name));
}

/** `MODULES`: the dial between one process and several. */
export function modulesSetting(names: readonly ModuleName[]): z.ZodType<ModuleName[]> {
  return listSetting(names).describe('The modules this process runs, as a comma list; all of them unless told.');
}

/** Reads what these modules need and nothing else, all at once. Throws `SettingsError`. */
export function readProcessSettings(modules: readonly ModuleDefinition[], environment: Environment): ProcessSettings {
  const all = parseSettings(processShape(modules, environment), environment);
  return { common: all as CommonSettings, all };
}

/** The variables of a process that runs these modules, by name. Where one variable stands in for another, `environment` decides which is asked for. */
export function processShape(modules: readonly ModuleDefinition[], environment: Environment = {}): Record<string, z.ZodType> {
  const needs = new Set(modules.flatMap((module) => module.needs));
  const shape: Record<string, z.ZodType> = { ...PROCESS_SETTINGS, ...TOKEN_SETTINGS };
  for (const need of needs) for (const variable of VARIABLES_OF_NEED[need]) shape[variable] = BACKEND_SETTINGS[variable];
  return Object.assign(shape, peerShape(new Set(modules.map(({ name }) => name)), needs, environment), ...modules.map(({ settings }) => settings)) as Record<string, z.ZodType>;
}

function peerShape(inProcess: ReadonlySet<ModuleName>, needs: ReadonlySet<Need>, environment: Environment): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  if (needs.has('upstreams')) for (const [module, variable] of Object.entries(URL_OF_MODULE)) if (!inProcess.has(module as ModuleName)) shape[variable] = PEER_SETTINGS[variable];
  if (!needs.has('tokens') || inProcess.has('auth')) return shape;
  const hasKeySet = Boolean(environment['JWKS_URL'] ?? environment['JWKS_URL_FILE']);
  return hasKeySet ? { ...shape, JWKS_URL: PEER_SETTINGS.JWKS_URL } : { ...shape, AUTH_URL: PEER_SETTINGS.AUTH_URL };
}
