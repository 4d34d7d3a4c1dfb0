import { createHash } from 'node:crypto';
import { etagOf } from '@doubleshot/shared/http';
import { itemEtag } from './item-etag.ts';
import type { MenuEntry } from './menu-repository.ts';

/** One answer, serialised once: its bytes and validators. */
export interface Representation {
  body: Buffer;
  etag: string;
  lastModifiedMs: number;
}

/** The menu as it was at one moment. */
export interface MenuSnapshot {
  entries: ReadonlyMap<string, MenuEntry>;
  list: Representation;
  items: ReadonlyMap<string, Representation>;
}

const ETAG_LENGTH = 22;

export function snapshotOf(entries: readonly MenuEntry[]): MenuSnapshot {
  return {
    entries: new Map(entries.map((entry) => [entry.item.id, entry])),
    list: listRepresentation(entries),
    items: new Map(entries.map((entry) => [entry.item.id, itemRepresentation(entry)])),
  };
}

function itemRepresentation({ item, changedAtMs }: MenuEntry): Representation {
  return { body: Buffer.from(JSON.stringify(item)), etag: itemEtag(item), lastModifiedMs: changedAtMs };
}

// In the list the exact stock is advisory: its tag moves when staff changes something, or a drink sells out or comes back, so that a busy shop still answers 304.
function listRepresentation(entries: readonly MenuEntry[]): Representation {
  const tags = entries.map(({ item }) => `${item.id} ${item.version} ${item.stock === 0}`).join('\n');
  return {
    body: Buffer.from(JSON.stringify({ items: entries.map(({ item }) => item) })),
    etag: `W/${etagOf(createHash('sha256').update(tags).digest('base64url').slice(0, ETAG_LENGTH))}`,
    lastModifiedMs: Math.max(0, ...entries.map((entry) => entry.changedAtMs)),
  };
}
