import type { Finding } from './findings.ts';
import type { Observation, ObservedOrder } from './observation.ts';

/** Most e-mails that were under way when a process was killed, and so may be sent again with the same id. */
const MAILS_AGAIN_PER_KILL = 10;
/** And, without a kill, a few and no more than by one: on a machine that stands still for a moment a statement may run out of its time between an e-mail and its record. */
const MAILS_AGAIN_SHARE = 0.01;

/** Repetitions that `kills` do not explain must be rare. */
export function reconcileRedeliveries({ mails }: Observation, kills: number): Finding[] {
  const again = mails.length - new Set(mails.map(({ messageId, customerId }) => `${messageId} ${customerId}`)).size;
  const most = kills * MAILS_AGAIN_PER_KILL + Math.min(Math.ceil(mails.length * MAILS_AGAIN_SHARE), MAILS_AGAIN_PER_KILL);
  return again > most ? [{ column: 'duplicated', id: 'e-mails', detail: `${again} came again with the same id; after ${kills} kills at most ${most} may` }] : [];
}

/** Each order that is done must have been told about exactly once on each way; nothing may be told about an order that is not there. */
export function reconcileEffects(seen: Observation): Finding[] {
  const orders = new Map(seen.orders.map((order) => [order.id, order]));
  const effects = groupByOrder(seen);
  const ofNobody = Object.entries(effects).flatMap(([way, byOrder]) =>
    [...byOrder.keys()].filter((id) => id === undefined || !orders.has(id)).map((id): Finding => ({ column: 'unexpected', id: id ?? way, detail: `${way} about an order that is not there` })),
  );
  return [...ofNobody, ...seen.orders.flatMap((order) => [...toOthers(order, effects), ...effectsOf(order, effects)])];
}

/** What somebody else was told about an order. */
function toOthers(order: ObservedOrder, effects: Record<Way, EffectsByOrder>): Finding[] {
  return Object.entries(effects).flatMap(([way, byOrder]) =>
    (byOrder.get(order.id) ?? [])
      .filter((effect) => effect.customerId !== order.customerId)
      .map(({ customerId }): Finding => ({ column: 'unexpected', id: order.id, detail: `${way} went to ${customerId}, the order is of ${order.customerId}` })),
  );
}

interface Effect {
  /** Two with the same id are one effect that arrived twice. */
  id: string;
  /** Who was told. */
  customerId: string;
  /** The connection of the stream by which it came; `undefined` for what came another way. */
  connection?: number;
  /** What kind of fact it tells; `undefined` where the observation cannot say. */
  told?: string;
}

type EffectsByOrder = ReadonlyMap<string | undefined, readonly Effect[]>;
type Way = 'notification' | 'e-mail' | 'stream notification' | 'stream status';

function groupByOrder(seen: Observation): Record<Way, EffectsByOrder> {
  const notifications = seen.notifications.map((one) => ({ orderId: one.orderId, id: one.id, customerId: one.customerId, told: one.type }));
  const mails = seen.mails.map((one) => ({ orderId: one.orderId, id: one.messageId, customerId: one.customerId }));
  const inOrder = seen.stream.toSorted((a, b) => a.streamId - b.streamId);
  const stream = inOrder.map((one) => ({ orderId: one.orderId, id: `${one.customerId} ${one.streamId}`, customerId: one.customerId, connection: one.connection, told: one.told }));
  const by = (effects: readonly (Effect & { orderId: string | undefined })[]): EffectsByOrder => Map.groupBy(effects, (effect) => effect.orderId);
  return {
    notification: by(notifications),
    'e-mail': by(mails),
    'stream notification': by(stream.filter((one) => one.told === 'notification')),
    'stream status': by(stream.filter((one) => one.told !== 'notification')),
  };
}

function effectsOf(order: ObservedOrder, effects: Record<Way, EffectsByOrder>): Finding[] {
  if (order.status !== 'ready' && order.status !== 'cancelled') return [{ column: 'stuck', id: order.id, detail: `still ${order.status}` }];
  const told = (way: Way): readonly Effect[] => (effects[way].get(order.id) ?? []).filter((effect) => effect.customerId === order.customerId);
  const wrong = told('notification').filter((effect) => effect.told !== `order.${order.status}`);
  return [
    ...wrong.map((): Finding => ({ column: 'unexpected', id: order.id, detail: `${order.status}, but the notification says otherwise` })),
    ...exactlyOnce(order, 'notification', told('notification')),
    ...exactlyOnce(order, 'e-mail', told('e-mail')),
    ...exactlyOnce(order, 'stream notification', told('stream notification')),
    ...statusEvents(order, PATHS[order.status], told('stream status')),
  ];
}

/** What the stream must tell of an order that has come to its end, in this order. */
const PATHS = { ready: ['placed', 'brewing', 'ready'], cancelled: ['placed', 'cancelled'] } as const;

/** Each status on the way to the last one exactly once and in order, and no other. `events` are sorted by their ids. */
function statusEvents(order: ObservedOrder, path: readonly string[], events: readonly Effect[]): Finding[] {
  const byStatus = Map.groupBy(events, (event) => event.told ?? '');
  const told = [...byStatus.keys()];
  const found = path.flatMap((status) => exactlyOnce(order, `stream status ${status}`, byStatus.get(status) ?? []));
  const others = told.filter((status) => !path.includes(status));
  if (others.length > 0) found.push({ column: 'unexpected', id: order.id, detail: `${order.status}, but the stream told ${others.join(', ')}` });
  const known = told.filter((status) => path.includes(status));
  const inOrder = path.filter((status) => byStatus.has(status));
  if (known.join() !== inOrder.join()) found.push({ column: 'unexpected', id: order.id, detail: `the stream told ${known.join(', ')} in this order` });
  return found;
}

function exactlyOnce(order: ObservedOrder, what: string, effects: readonly Effect[]): Finding[] {
  const distinct = new Set(effects.map((effect) => effect.id)).size;
  const found: Finding[] = [];
  if (distinct === 0) found.push({ column: 'lost', id: order.id, detail: `${order.status}, but no ${what}` });
  if (distinct > 1) found.push({ column: 'duplicated', id: order.id, detail: `${distinct} times: ${what}` });
  const repeated = effects.filter((effect, index) => effect.connection !== undefined && effects.slice(0, index).some((before) => isRepeated(before, effect)));
  if (repeated.length > 0) found.push({ column: 'duplicated', id: order.id, detail: `${repeated.length} more on the same connection: ${what}` });
  else if (effects.length > distinct) found.push({ column: 'redelivered', id: order.id, detail: `${effects.length - distinct} more of the same: ${what}` });
  return found;
}

function isRepeated(before: Effect, effect: Effect): boolean {
  return before.id === effect.id && before.connection === effect.connection;
}
