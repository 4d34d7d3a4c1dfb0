import type { Message } from '../message.ts';
import { UnroutableError } from '../task-queue.ts';
import type { Publication, Publisher } from './publisher.ts';
import { deadQueueOf, retryQueueOf, suspectQueueOf } from './queue-declarations.ts';
import { messageToAmqp, parkedToAmqp, taskToAmqp, type OutgoingTask, type Task } from './task-message.ts';
import type { Topology } from './topology.ts';

/** Puts tasks where they belong. Resolves when the broker has confirmed them; a queue that was deleted is declared again. */
export interface TaskSender {
  /** To every queue that is bound. */
  send(exchange: string, message: Message): Promise<void>;
  broadcast(exchange: string, message: Message): Promise<void>;
  /** Back to the queue, to be handled at once. */
  again(queue: string, task: Task): Promise<void>;
  /** To the queue of tasks that are handled one at a time. */
  suspect(queue: string, task: Task): Promise<void>;
  retry(queue: string, task: Task, delayMs: number): Promise<void>;
  park(queue: string, task: Task, reason: string): Promise<void>;
}

export function createTaskSender({ publisher, topology }: { publisher: Publisher; topology: Topology }): TaskSender {
  async function publish(publication: Publication, shouldBeBound: boolean): Promise<void> {
    try {
      await publisher.publish(publication);
    } catch (error) {
      if (!(error instanceof UnroutableError) || !shouldBeBound) throw error;
      await topology.restore();
      await publisher.publish(publication);
    }
  }

  function toQueue(queue: string, task: OutgoingTask): Promise<void> {
    return publish({ ...task, exchange: '', routingKey: queue, mandatory: true }, true);
  }

  return {
    send: (exchange, message) =>
      publish({ ...messageToAmqp(message), exchange, routingKey: message.key, mandatory: true }, topology.router.route(exchange, message.key).length > 0),
    broadcast: (exchange, message) => publish({ ...messageToAmqp(message), exchange, routingKey: message.key, mandatory: false }, false),
    again: (queue, task) => toQueue(queue, taskToAmqp(task)),
    suspect: (queue, task) => toQueue(suspectQueueOf(queue), taskToAmqp(task)),
    retry: (queue, task, delayMs) => {
      const { content, options } = taskToAmqp(task);
      const stepMs = topology.stepFor(queue, delayMs);
      const expiration = String(Math.ceil(Math.min(Math.max(delayMs, 0), stepMs)));
      return toQueue(retryQueueOf(queue, stepMs), { content, options: { ...options, expiration } });
    },
    park: (queue, task, reason) => toQueue(deadQueueOf(queue), parkedToAmqp(task, reason, new Date())),
  };
}
