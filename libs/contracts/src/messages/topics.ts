/** The topics of the event log: which key keeps order, and how many partitions they are created with. */
export const TOPICS = {
  users: { name: 'users.v1', key: 'user id', partitions: 6 },
  orders: { name: 'orders.v1', key: 'order id', partitions: 12 },
  menu: { name: 'menu.v1', key: 'menu item id', partitions: 3 },
} as const;

export type TopicName = (typeof TOPICS)[keyof typeof TOPICS]['name'];
