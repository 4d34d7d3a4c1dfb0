import type { Menu, Notification, Order, PlaceOrderRequest, TokenPair, User } from '@doubleshot/contracts';

/** Examples by operation id: a request body, and the body of its success. Tests hold them against the schemas. */
export interface OperationExample {
  request?: unknown;
  response?: unknown;
}

const USER: User = { id: '019aaf00-0000-7000-8000-000000000001', email: 'ada@example.com', name: 'Ada', role: 'customer' };

const TOKENS: TokenPair = {
  accessToken: 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…',
  refreshToken: 'mYq3kZ…',
  tokenType: 'Bearer',
  expiresIn: 900,
};

// As the first menu has it: an example that is sent as it is orders something.
const FLAT_WHITE: Menu['items'][number] = {
  id: '019aaf00-0000-7000-8000-000000000006',
  name: 'Flat white',
  station: 'espresso',
  priceCents: 420,
  available: true,
  stock: 500,
  version: 1,
};

const PLACE: PlaceOrderRequest = { items: [{ menuItemId: FLAT_WHITE.id, quantity: 2 }] };

const PLACED: Order = {
  id: '019aaf00-0000-7000-8000-0000000000b1',
  customerId: USER.id,
  status: 'placed',
  items: [{ menuItemId: FLAT_WHITE.id, name: FLAT_WHITE.name, quantity: 2, unitPriceCents: FLAT_WHITE.priceCents }],
  totalCents: 840,
  placedAt: '2026-01-05T08:00:00.000Z',
  updatedAt: '2026-01-05T08:00:00.000Z',
  version: 1,
};

const READY: Order = { ...PLACED, status: 'ready', updatedAt: '2026-01-05T08:00:04.000Z', version: 3 };
const CANCELLED: Order = { ...PLACED, status: 'cancelled', updatedAt: '2026-01-05T08:00:01.000Z', version: 2, cancelReason: 'Changed my mind' };

const NOTIFICATION: Notification = {
  id: '019aaf00-0000-7000-8000-0000000000c1',
  type: 'order.ready',
  orderId: PLACED.id,
  title: 'Your order is ready',
  text: 'Pick it up at the bar.',
  createdAt: '2026-01-05T08:00:04.100Z',
};

const STREAM = `id: 1\nevent: order.status\ndata: ${JSON.stringify({ orderId: PLACED.id, status: 'ready', version: 3, at: READY.updatedAt })}\n\n`;

export const EXAMPLES: Readonly<Record<string, OperationExample>> = {
  register: { request: { email: USER.email, password: 'correct horse', name: USER.name }, response: { user: USER } },
  login: { request: { email: USER.email, password: 'correct horse' }, response: TOKENS },
  refresh: { request: { refreshToken: TOKENS.refreshToken }, response: TOKENS },
  logout: { request: { refreshToken: TOKENS.refreshToken } },
  getMe: { response: { user: USER } },
  getJwks: { response: { keys: [{ kty: 'RSA', kid: '2026-01', alg: 'RS256', use: 'sig', n: 'u1SU1…', e: 'AQAB' }] } },
  getMenu: { response: { items: [FLAT_WHITE] } },
  getPopularItems: { response: { items: [{ item: FLAT_WHITE, ordered: 128 }] } },
  getMenuItem: { response: FLAT_WHITE },
  changeMenuItem: { request: { priceCents: 450 }, response: { ...FLAT_WHITE, priceCents: 450, version: 2 } },
  placeOrder: { request: PLACE, response: PLACED },
  listOrders: { response: { items: [READY], nextCursor: 'eyJiZWZvcmUiOiIwMTlhYWYwMCJ9' } },
  getOrder: { response: READY },
  cancelOrder: { request: { reason: CANCELLED.cancelReason }, response: CANCELLED },
  listNotifications: { response: { items: [NOTIFICATION] } },
  openStream: { response: STREAM },
};
