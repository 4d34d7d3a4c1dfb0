// An overlay with further components, as one list for `kubectl apply --filename=-`: node_modules/.bin/node deploy/k8s/combine.ts kind tracing autoscaling/monolith
import { print } from './print.ts';
import { render } from './render.ts';

const [overlay, ...components] = process.argv.slice(2);
try {
  if (overlay === undefined) throw new Error('name an overlay, and then the components to add');
  await print(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: await render({ overlay, components }) })}\n`);
} catch (error) {
  process.stderr.write(`combine: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = overlay === undefined ? 2 : 1;
}
