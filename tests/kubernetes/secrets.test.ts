import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecretManifests, type SecretManifest } from '../../deploy/k8s/kind/secret-manifests.ts';
import { inheritedEnvironment } from '../../lab/src/environment.ts';
import { createFakeTools } from '../../lab/src/kind/testing/fake-tools.ts';
import { COMMON_SETTINGS } from '../../libs/shared/src/runtime/index.ts';

const PROGRAM = join(import.meta.dirname, '../../deploy/k8s/kind/secrets.ts');
const PRODUCTION = readFileSync(join(import.meta.dirname, '../../deploy/k8s/overlays/production/README.md'), 'utf8');
const AT_ONCE = 8;
const LONG = 60_000;

/** What it complained about. */
function makeSecrets(path: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, '--context=kind'], { env: { ...inheritedEnvironment(), PATH: path } }, (error, _stdout, stderr) => { resolve(stderr === '' && error !== null ? error.message : stderr); });
  });
}

function counted(): () => string {
  let count = 0;
  return () => `password${(count += 1)}`;
}

const byName = (secrets: readonly SecretManifest[]): Map<string, Record<string, string>> => new Map(secrets.map(({ metadata, stringData }) => [`${metadata.namespace}/${metadata.name}`, stringData]));

describe('the secrets of a cluster', () => {
  test('each database has an owner with a password of its own, and whoever names it uses that', () => {
    const secrets = byName(createSecretManifests({ existing: new Map(), password: counted() }));
    const passwords = secrets.get('doubleshot-engines/postgres')!;
    expect(new Set(Object.values(passwords)).size).toBe(5);
    for (const [secret, name] of [['doubleshot-mono/monolith', 'monolith'], ['doubleshot-micro/auth', 'auth'], ['doubleshot-micro/orders', 'orders'], ['doubleshot-micro/notifications', 'notifications']] as const) {
      expect(secrets.get(secret)!['DATABASE_URL']).toBe(`postgres://${name}:${passwords[name]!}@postgres.doubleshot-engines:5432/${name}`);
    }
  });

  test('the brews share no key, and no database of the cache', () => {
    const secrets = byName(createSecretManifests({ existing: new Map(), password: counted() }));
    const [mono, auth, orders] = ['doubleshot-mono/monolith', 'doubleshot-micro/auth', 'doubleshot-micro/orders'].map((name) => secrets.get(name)!);
    expect(mono!['SIGNING_KEY_SECRET']).not.toBe(auth!['SIGNING_KEY_SECRET']);
    expect(mono!['CACHE_URL']).not.toBe(orders!['CACHE_URL']);
  });

  test('made again they are the same, and one that is lost is made to fit the others', () => {
    const first = createSecretManifests({ existing: new Map(), password: counted(), staffEmail: 'ada@doubleshot.example' });
    const neverAsked = (): string => { throw new Error('a new password is asked for'); };
    expect(createSecretManifests({ existing: byName(first), password: neverAsked })).toEqual(first);
    const partly = byName(first);
    partly.delete('doubleshot-micro/orders');
    expect(createSecretManifests({ existing: partly, password: neverAsked })).toEqual(first);
  });

  // Many at once: then there are some that write to a pipe that is closed already.
  test('kubectl may end without reading what it is given', async () => {
    const namespaces = JSON.stringify({ items: [{ metadata: { name: 'doubleshot-mono' } }] });
    const tools = await createFakeTools([{ to: 'kubectl get namespaces', prints: [namespaces] }, { to: 'kubectl get secrets', prints: ['{"items":[]}'] }], 'kind');
    onTestFinished(() => tools.remove());
    const path = `${tools.folder}:/usr/bin:/bin`;
    expect(await Promise.all(Array.from({ length: AT_ONCE }, () => makeSecrets(path)))).toEqual(Array.from({ length: AT_ONCE }, () => ''));
  }, LONG);

  test('URLs of engines that others run are ones that a process takes', () => {
    const urls = [...PRODUCTION.matchAll(/^\| .* \| `(?<variable>\w+)`: (?<examples>.*) \|$/gm)].map(({ groups }) => groups!);
    expect(urls.map(({ variable }) => variable)).toEqual(['DATABASE_URL', 'EVENT_LOG_URL', 'TASK_QUEUE_URL', 'CACHE_URL', 'SMTP_URL']);
    for (const { variable, examples } of urls) {
      const schema = COMMON_SETTINGS[variable as 'DATABASE_URL'];
      for (const [, example = ''] of examples!.matchAll(/`(\w[^`]*)`/g)) expect([example, schema.safeParse(example.replace('…', 'secret')).success]).toEqual([example, true]);
    }
  });

  test('those of processes are listed where somebody else makes them', () => {
    const listed = [...PRODUCTION.matchAll(/^\| `(doubleshot-m\w+)` \| `(\w+)` \| (.*) \|$/gm)].map(([, namespace, name, keys = '']) => [`${namespace ?? ''}/${name ?? ''}`, [...keys.matchAll(/\w+/g)].map(([key]) => key)]);
    const made = [...byName(createSecretManifests({ existing: new Map(), password: counted() }))].filter(([name]) => !name.startsWith('doubleshot-engines/'));
    expect(listed).toEqual(made.map(([name, data]) => [name, Object.keys(data)]));
  });
});
