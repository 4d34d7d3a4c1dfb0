import type { PodTemplate, VolumeTemplate } from './pod-schema.ts';
import type { Settings } from './settings.ts';

export interface PlannedFile {
  path: string;
  content: string;
  mode: number;
}

/** A folder that the containers of a pod share, as it is when they start. It belongs to root. */
export interface PlannedVolume {
  /** Within its pod. */
  name: string;
  mode: number;
  group: number;
  files: readonly PlannedFile[];
}

const ANYBODY_WRITES = 0o777;
const OWNER_WRITES = 0o755;
/** What a group of the pod (fsGroup) may do besides, and whom new files belong to. */
const GROUP_READS = 0o440;
const GROUP_WRITES = 0o660;
const GROUP_ENTERS = 0o2110;

/** The volumes of a pod, claimed ones too, with the rights that the kubelet gives the pod's group. */
export function volumesOf({ spec: { volumes, securityContext: { fsGroup } } }: PodTemplate, claimed: readonly string[], settings: Settings): PlannedVolume[] {
  const group = fsGroup ?? 0;
  const forGroup = (rights: number): number => (fsGroup === undefined ? 0 : rights);
  return [
    ...claimed.map((name) => ({ name, mode: OWNER_WRITES | forGroup(GROUP_WRITES | GROUP_ENTERS), group, files: [] })),
    ...volumes.map((volume) => {
      const files = filesOf(volume, settings).map((file) => ({ ...file, mode: volume.fileMode | forGroup(GROUP_READS) }));
      const mode = volume.isEmpty ? ANYBODY_WRITES | forGroup(GROUP_WRITES | GROUP_ENTERS) : OWNER_WRITES | forGroup(GROUP_READS | GROUP_ENTERS);
      return { name: volume.name, mode, group, files };
    }),
  ];
}

function filesOf({ sources }: VolumeTemplate, settings: Settings): { path: string; content: string }[] {
  return sources.flatMap(({ configMap, secret }) => [
    ...(configMap === undefined ? [] : chosen('ConfigMap', configMap, settings)),
    ...(secret === undefined ? [] : chosen('Secret', secret, settings)),
  ]);
}

function chosen(kind: 'ConfigMap' | 'Secret', { name, items }: { name: string; items?: { key: string; path: string }[] | undefined }, settings: Settings): { path: string; content: string }[] {
  if (items === undefined) return Object.entries(settings.all(kind, name)).map(([path, content]) => ({ path, content }));
  return items.map(({ key, path }) => ({ path, content: settings.one(kind, name, key) }));
}
