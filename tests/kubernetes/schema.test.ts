import { beforeAll, describe, expect, test } from 'vitest';
import { containerOf, specOf } from './probes/probe.ts';
import { RENDERINGS, rendering } from './renderings.ts';
import { installValidator, KUBERNETES, validate } from './schema.ts';

/** Of the Gateway API, which is installed into a cluster: these have no schema in Kubernetes itself. */
const TAUGHT = ['Gateway', 'HTTPRoute'];

/** Both versions at once, beside whatever else the machine has to do. */
const LONG = 300_000;

beforeAll(installValidator, LONG);

describe.concurrent.each(KUBERNETES)('for Kubernetes %s', (version) => {
  test('every object of every rendering follows the schema of its kind', async () => {
    const objects = (await Promise.all(RENDERINGS.map(rendering))).flat().filter(({ kind }) => !TAUGHT.includes(kind));
    // Most objects are in most renderings.
    const different = new Map(objects.map((object) => [JSON.stringify(object), object]));
    expect(different.size).toBeGreaterThan(100);
    expect(await validate([...different.values()], version)).toEqual([]);
  }, LONG);

  test('a field that there is not, and a value of the wrong type, are each found', async () => {
    const objects = (await rendering('kind')).filter(({ kind, metadata: { name } }) => kind === 'Deployment' && ['auth', 'orders'].includes(name));
    Object.assign(containerOf(objects, 'Deployment', 'auth'), { memory: '1Gi' });
    Object.assign(specOf(objects, 'Deployment', 'orders'), { revisionHistoryLimit: 'three' });
    expect(await validate(objects, version)).toEqual([expect.stringContaining('memory'), expect.stringContaining('three')]);
  }, LONG);
});
