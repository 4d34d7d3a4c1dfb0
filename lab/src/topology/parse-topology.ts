import { MODULE_NAMES, type ModuleName } from '@doubleshot/contracts';
import { UsageError } from '../errors.ts';

/** One process of a topology: the modules that share it. */
export interface ProcessGroup {
  /** Its modules joined by `+`, or `monolith` when it holds all of them. Also its `service.name`. */
  name: string;
  modules: readonly ModuleName[];
}

/** Which modules run together: every module once. */
export interface Topology {
  /** `monolith`, `microservices`, or the groups as `gateway+auth | orders+notifications`. */
  name: string;
  processes: readonly ProcessGroup[];
}

const NAMED = new Map([
  ['monolith', MODULE_NAMES.join('+')],
  ['microservices', MODULE_NAMES.join('|')],
]);
const EXAMPLE = 'write monolith, microservices, or groups such as "gateway+auth | orders+notifications"';
const KNOWN = `the modules are ${MODULE_NAMES.join(', ')}`;

/** Reads a topology. Throws a {@link UsageError} that says what is wrong with it. */
export function parseTopology(text: string): Topology {
  const trimmed = text.trim();
  const groups = (NAMED.get(trimmed) ?? trimmed).split('|').map((group) => group.split('+').map((name) => name.trim()));
  const names = groups.flat();
  if (trimmed === '' || (names.length === 1 && !isModule(names[0]))) throw new UsageError(`unknown topology "${trimmed}": ${EXAMPLE}`);
  if (names.includes('')) throw new UsageError(`topology "${trimmed}" has an empty group: ${EXAMPLE}`);
  const unknown = names.find((name) => !isModule(name));
  if (unknown !== undefined) throw new UsageError(`topology "${trimmed}" names the unknown module "${unknown}": ${KNOWN}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`topology "${trimmed}" names the module "${twice}" twice: every module runs in one process`);
  const missing = MODULE_NAMES.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new UsageError(`topology "${trimmed}" leaves out ${missing.join(', ')}: every module must be in a process`);
  return named(groups.map((group) => MODULE_NAMES.filter((name) => group.includes(name))));
}

function isModule(name: string | undefined): boolean {
  return MODULE_NAMES.some((known) => known === name);
}

function named(groups: readonly (readonly ModuleName[])[]): Topology {
  const processes = groups.map((modules) => ({ name: modules.length === MODULE_NAMES.length ? 'monolith' : modules.join('+'), modules }));
  processes.sort((a, b) => order(a) - order(b));
  if (processes.length === 1) return { name: 'monolith', processes };
  if (processes.length === MODULE_NAMES.length) return { name: 'microservices', processes };
  return { name: processes.map((group) => group.name).join(' | '), processes };
}

function order(group: ProcessGroup): number {
  return Math.min(...group.modules.map((name) => MODULE_NAMES.indexOf(name)));
}

/** A topology's name as a part of file and database names. */
export function topologySlug(topology: Topology): string {
  return topology.name.replaceAll(' | ', '-').replaceAll('+', '_');
}
