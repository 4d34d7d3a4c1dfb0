import { startContainerShops } from '../containers/start-container-shops.ts';
import type { RunningShop } from '../topology/shop.ts';
import { openStage, type StageOptions } from './stage.ts';
import type { Trial } from './trial.ts';
import { DISK_FAULT, FAULTS_ON_STAGE, ROLLING_RESTARTS } from './trials/index.ts';
import { rollingRestarts } from './trials/rolling-restarts.ts';

/** A running shop for the trials of some rows of the fault matrix. */
export interface Venue {
  readonly shop: RunningShop;
  /** Where what its processes logged can be read. */
  readonly logs: string;
  trials(fault: string): readonly Trial[];
  stop(): Promise<void>;
}

export type VenueKind = 'stage' | 'small disks' | 'replicas';

/** Engines in containers can be filled, and Nginx stands in front of containers alone: without them there are no such trials. */
export function venueOf(fault: string, backends: StageOptions['backends']): VenueKind | undefined {
  if (fault !== DISK_FAULT && fault !== ROLLING_RESTARTS) return 'stage';
  if (backends === 'embedded') return undefined;
  return fault === DISK_FAULT ? 'small disks' : 'replicas';
}

const TWO_OF_EACH = { monolith: 2, gateway: 2, auth: 2, orders: 2, notifications: 2 };
const NO_LIMITS = { RATE_LIMIT_PER_SECOND: '0', NGINX_RATE_PER_SECOND: '1000000', BREW_TIME_SCALE: '0', LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: '' };

export async function openVenue(kind: VenueKind, options: StageOptions): Promise<Venue> {
  if (kind === 'replicas') return openReplicas(options);
  const stage = await openStage({ ...options, smallDisks: kind === 'small disks' });
  return { shop: stage.shop, logs: stage.shop.logFolder, trials: (fault) => FAULTS_ON_STAGE[fault]?.(stage) ?? [], stop: () => stage.stop() };
}

async function openReplicas({ topology, onProgress }: StageOptions): Promise<Venue> {
  const { project, shops, stop } = await startContainerShops([topology], { replicas: TWO_OF_EACH, env: NO_LIMITS, onProgress });
  const [shop] = shops;
  if (shop === undefined) throw new TypeError('no shop was started');
  return { shop, logs: `docker compose -p ${project} logs`, trials: () => rollingRestarts(shop, project), stop };
}
