/** Whose order a message is about, as far as it says so. */
export interface MessageSubject {
  orderId?: string;
  userId?: string;
}

const LONGEST_ID = 64;

/** Looks into the data of an event or a task, for the log line: by the names that the contracts give to orders and users. */
export function subjectOf(data: unknown): MessageSubject {
  const { orderId, customerId, userId, notification, event } = fieldsOf(data);
  return compact({ orderId: orderId ?? fieldsOf(notification)['orderId'] ?? orderOfStreamEvent(fieldsOf(event)), userId: userId ?? customerId });
}

function orderOfStreamEvent({ data }: Record<string, unknown>): unknown {
  return fieldsOf(data)['orderId'];
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

// A message that is parked was not checked against its schema: what is no id stays out.
function compact({ orderId, userId }: Record<'orderId' | 'userId', unknown>): MessageSubject {
  return { ...(isId(orderId) && { orderId }), ...(isId(userId) && { userId }) };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_ID;
}
