import { API_BASE, Menu } from '@doubleshot/contracts';
import { localhost } from './localhost.ts';
import type { UpState } from './up-state.ts';

/** What people want to know once the shop is up, with commands that work as they stand. */
export async function renderUp(state: UpState): Promise<string> {
  const [first] = state.shops;
  if (first === undefined) return 'Nothing is up.';
  const menu = Menu.parse(await (await fetch(`${first.baseUrl}${API_BASE}/menu`)).json());
  const api = localhost(first.baseUrl) + API_BASE;
  const body = JSON.stringify({ email: state.staff.email, password: state.staff.password }).replaceAll(`'`, `'\\''`);
  const json = `-H 'content-type: application/json'`;
  return `
The shop is up.

${state.shops.map((shop) => `  ${shop.name.padEnd(13)}   ${localhost(shop.baseUrl)}   documentation: ${localhost(shop.baseUrl)}/api/docs`).join('\n')}

  staff           ${state.staff.email}  password: ${state.staff.password}
  logs            ${state.containers === undefined ? state.logFolder : 'make logs'}
${Object.entries(state.containers?.pages ?? {}).map(([name, url]) => `  ${name.padEnd(20)}${url}\n`).join('')}${state.shops.map((shop) => `  ops             ${shop.processes.map((process) => `${process.name} ${process.opsOrigin}`).join('  ')}`).join('\n')}

Log in, place an order and wait until it is ready:

  TOKEN=$(curl -s ${api}/auth/login ${json} -d '${body}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s ${api}/orders -H "authorization: Bearer $TOKEN" ${json} -H "idempotency-key: $(date +%s)" -H 'prefer: wait=20' -d '{"items":[{"menuItemId":"${menu.items[0]?.id ?? ''}","quantity":1}]}'

Follow an order through each brew: npx doubleshot trace      Stop: make down`;
}
