import { authModule } from '../../../services/auth/src/index.ts';
import { gatewayModule } from '../../../services/gateway/src/index.ts';
import { notificationsModule } from '../../../services/notifications/src/index.ts';
import { ordersModule } from '../../../services/orders/src/index.ts';
import { describeSettings } from '../../../libs/shared/src/config/index.ts';
import { processShape, type ModuleDefinition } from '../../../libs/shared/src/runtime/index.ts';
import { TELEMETRY_SETTINGS } from '../../../libs/shared/src/telemetry/index.ts';
import { faultsOfContainers } from '../workloads.ts';
import type { Rule } from './rule.ts';

const OF_NODE = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];
/** What an image of Doubleshot is called, whatever registry it comes from. */
const IMAGE = /(?:^|\/)doubleshot\/(\w+):/;

// Typed by what is looked at here: the settings of each module differ.
const MODULES = new Map([gatewayModule, authModule, ordersModule, notificationsModule].map((module) => [module.name as string, [module as unknown as ModuleDefinition]] as const));

/** What the program of an image reads. */
function variablesOf(image: string): { variable: string; required: boolean }[] | undefined {
  const name = IMAGE.exec(image)?.[1];
  if (name === undefined) return undefined;
  const modules = name === 'monolith' ? [...MODULES.values()].flat() : (MODULES.get(name) ?? []);
  return describeSettings({ ...processShape(modules), ...TELEMETRY_SETTINGS });
}

export const ENVIRONMENT_RULES: readonly Rule[] = [
  {
    name: 'every variable that a process is given is one that it reads',
    faults: (objects) =>
      faultsOfContainers(objects, ({ image, env = [] }) => {
        const read = variablesOf(image)?.map(({ variable }) => variable);
        const strange = read === undefined ? [] : env.map(({ name }) => name.replace(/_FILE$/, '')).filter((name) => !read.includes(name) && !OF_NODE.includes(name));
        return strange.length === 0 ? undefined : `${strange.join(', ')} is read by nobody`;
      }),
  },
  {
    name: 'every variable that a process needs is given, once',
    faults: (objects) =>
      faultsOfContainers(objects, ({ image, env = [] }) => {
        const given = env.map(({ name }) => name.replace(/_FILE$/, ''));
        const needed = env.some(({ name, value }) => name === 'MIGRATE' && value === 'only') ? ['DATABASE_URL'] : (variablesOf(image) ?? []).filter(({ required }) => required).map(({ variable }) => variable);
        const wrong = [...needed.filter((name) => !given.includes(name)), ...given.filter((name, index) => given.indexOf(name) !== index)];
        return wrong.length === 0 ? undefined : `${wrong.join(', ')} is missing, or given twice`;
      }),
  },
  {
    name: 'a process listens where its ports, probes and Services look for it',
    faults: (objects) =>
      faultsOfContainers(objects, ({ env = [], ports = [] }, { isProcess }) => {
        const told = (variable: string): string | undefined => env.find(({ name }) => name === variable)?.value;
        const open = (name: string): string => String(ports.find((port) => port.name === name)?.containerPort);
        return !isProcess || (told('PORT') === open('http') && told('OPS_PORT') === open('ops') && told('HOST') === '0.0.0.0') ? undefined : 'listens elsewhere';
      }),
  },
  {
    name: 'what is behind the ingress trusts one proxy, and nothing else trusts any',
    faults: (objects) =>
      faultsOfContainers(objects, ({ image, env = [] }, { isProcess }) => {
        const isEntry = ['gateway', 'monolith'].includes(IMAGE.exec(image)?.[1] ?? '');
        const hops = env.find(({ name }) => name === 'TRUSTED_PROXY_HOPS')?.value;
        return !isProcess || hops === (isEntry ? '1' : undefined) ? undefined : `trusts ${hops ?? 'no'} proxies`;
      }),
  },
  {
    name: 'modules in several processes meet in a log and a queue outside of them',
    faults: (objects) =>
      faultsOfContainers(objects, ({ image, env = [] }, { isProcess }) => {
        const name = IMAGE.exec(image)?.[1] ?? '';
        if (!isProcess || ['gateway', 'monolith'].includes(name)) return undefined;
        const lacking = ['EVENT_LOG_URL', 'TASK_QUEUE_URL'].filter((variable) => !env.some((each) => each.name.replace(/_FILE$/, '') === variable && each.value !== 'in-process:'));
        return lacking.length === 0 ? undefined : `${lacking.join(', ')} is in the process`;
      }),
  },
];
