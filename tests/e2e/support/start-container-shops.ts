import type { TestProject } from 'vitest/node';
import { freePort } from '../../../lab/src/backends/free-port.ts';
import { startContainerShops } from '../../../lab/src/containers/start-container-shops.ts';
import { createSeenAnswers } from './declared-answers.ts';
import { levelRunOf } from './level-run.ts';
import { propertySettings } from './property-settings.ts';
import { startControl } from './shop-control.ts';
import { SHOP_SETTINGS, TOPOLOGIES_IN_CONTAINERS } from './topologies.ts';

/** All tests come from one address. */
const NGINX_SETTINGS = { NGINX_RATE_PER_SECOND: '100000' };

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin of a Prometheus that scrapes both brews from their start. */
    prometheus: string;
  }
}

let stop: (() => Promise<void>) | undefined;

/** Both brews in containers behind one Nginx, and Prometheus beside them, started before the first test. */
export async function setup(project: TestProject): Promise<void> {
  const prometheusPort = String(await freePort());
  const running = await startContainerShops(TOPOLOGIES_IN_CONTAINERS, {
    env: { ...SHOP_SETTINGS, ...NGINX_SETTINGS, PROMETHEUS_PORT: prometheusPort },
    further: ['prometheus'],
    onProgress: (message) => void process.stdout.write(`${message}\n`),
  });
  const seen = createSeenAnswers(TOPOLOGIES_IN_CONTAINERS);
  const control = await startControl(async (name) => {
    const shop = running.shops.find((each) => each.name === name);
    if (shop === undefined) throw new Error(`no shop "${name}" runs in containers`);
    await Promise.all(shop.processes.map((process) => process.refresh()));
    return shop;
  }, seen);
  project.provide('e2eControl', control.origin);
  project.provide('prometheus', `http://127.0.0.1:${prometheusPort}`);
  project.provide('e2eProperty', propertySettings());
  stop = async () => {
    await control.close();
    await running.stop();
    process.stdout.write(`${seen.check(await levelRunOf(project))}\n`);
  };
}

export async function teardown(): Promise<void> {
  await stop?.();
}
