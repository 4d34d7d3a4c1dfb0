import type { PlannedContainer } from './planned-container.ts';
import { Refusal } from './refusal.ts';

/** What a rehearsal has in the container engine. */
export interface Surroundings {
  network: string;
  /** On everything that it makes. */
  label: string;
  volumeOf(name: string): string;
  /** Path on this machine of one file of a volume: an engine mounts no part of one. */
  fileOf(volume: string, file: string): string;
}

export interface Role {
  hostname: string;
  /** In the network. */
  names: readonly string[];
  /** Ports that this machine reaches. */
  published: readonly number[];
}

/** What follows `docker run` for a container under every constraint that its pod names. */
export function runArguments(container: PlannedContainer, { hostname, names, published }: Role, { network, label, volumeOf, fileOf }: Surroundings): string[] {
  const [entrypoint, ...rest] = container.command ?? [];
  return [
    'run', '--detach', `--label=${label}`, `--hostname=${hostname}`, `--network=${network}`, ...names.map((name) => `--network-alias=${name}`),
    ...published.map((port) => `--publish=127.0.0.1::${port}`),
    // Whatever ends stays as it ended, and is a failure.
    '--restart=no', `--stop-timeout=${container.stopTimeoutS}`, '--pull=missing',
    ...rightsOf(container),
    // No swap, as on a node.
    `--memory=${container.memoryMiB}m`, `--memory-swap=${container.memoryMiB}m`,
    ...Object.entries(container.variables).map(([name, value]) => `--env=${name}=${value}`),
    ...container.mounts.map(({ volume, path, file, isReadOnly }) => {
      const source = file === undefined ? `type=volume,src=${volumeOf(volume)},volume-nocopy` : `type=bind,src=${fileOf(volume, file)}`;
      return `--mount=${source},dst=${path}${isReadOnly ? ',readonly' : ''}`;
    }),
    ...(entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]),
    container.image, ...rest, ...container.args,
  ];
}

function rightsOf({ name, user, group, furtherGroup, isReadOnly, mayGainPrivileges, dropped, added }: PlannedContainer): string[] {
  if (user === undefined && group !== undefined) throw new Refusal(name, 'it names a group and no user');
  return [
    ...(user === undefined ? [] : [`--user=${user}${group === undefined ? '' : `:${group}`}`]),
    ...(furtherGroup === undefined ? [] : [`--group-add=${furtherGroup}`]),
    ...(isReadOnly ? ['--read-only'] : []),
    ...(mayGainPrivileges ? [] : ['--security-opt=no-new-privileges']),
    ...dropped.map((capability) => `--cap-drop=${capability}`),
    ...added.map((capability) => `--cap-add=${capability}`),
  ];
}
