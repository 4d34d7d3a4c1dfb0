// Makes the Secrets that the manifests name, in every namespace of Doubleshot that is there: node_modules/.bin/node deploy/k8s/kind/secrets.ts [further options of kubectl]
// New ones have random values; those that are there stay as they are, for the engines began with them. --staff-email=… names the first staff user.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { print } from '../print.ts';
import { createSecretManifests } from './secret-manifests.ts';

const PASSWORD_BYTES = 24;
const OURS = '--selector=app.kubernetes.io/part-of=doubleshot';
const STAFF_EMAIL = '--staff-email=';

interface List<Item> {
  items: Item[];
}

const given = process.argv.slice(2);
const options = given.filter((argument) => !argument.startsWith(STAFF_EMAIL));
const staffEmail = given.find((argument) => argument.startsWith(STAFF_EMAIL))?.slice(STAFF_EMAIL.length);

function kubectl(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', [...options, ...args], (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.code === 'ENOENT' ? 'kubectl is missing: install it' : stderr.trim() === '' ? error.message : stderr.trim()));
    });
    // One that ends without reading says why by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

async function listed<Item>(...args: string[]): Promise<Item[]> {
  return (JSON.parse(await kubectl(['get', ...args, OURS, '--output=json'])) as List<Item>).items;
}

async function main(): Promise<void> {
  const namespaces = new Set((await listed<{ metadata: { name: string } }>('namespaces')).map(({ metadata }) => metadata.name));
  if (namespaces.size === 0) throw new Error('there is no namespace of Doubleshot yet: apply an overlay first');
  const secrets = await listed<{ metadata: { name: string; namespace: string }; data?: Record<string, string> }>('secrets', '--all-namespaces');
  const existing = new Map(secrets.map(({ metadata, data = {} }) => [`${metadata.namespace}/${metadata.name}`, decoded(data)]));
  const wanted = createSecretManifests({ existing, staffEmail, password: () => randomBytes(PASSWORD_BYTES).toString('hex') });
  const items = wanted.filter(({ metadata: { namespace } }) => namespaces.has(namespace));
  await print(await kubectl(['apply', '--server-side', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items })));
}

function decoded(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`secrets: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
