import { describeLog } from '../topology/log-tail.ts';
import { kubectl } from './cluster.ts';
import { describeTrouble, type PodTrouble } from './pod-trouble.ts';

const LOG_LINES = 5;
const EVENT_LINES = 6;

/** What the cluster and the pod itself have to say about a trouble: latest events, last lines of the log. */
export async function diagnose(trouble: PodTrouble): Promise<string> {
  const { namespace, pod, hasRestarted } = trouble;
  const logCommand = ['logs', '--namespace', namespace, pod, '--all-containers', `--tail=${LOG_LINES}`, ...(hasRestarted ? ['--previous'] : [])];
  const [events, log] = await Promise.all([
    orNothing(kubectl(['events', '--namespace', namespace, '--for', `pod/${pod}`, '--no-headers'])),
    orNothing(kubectl(logCommand)),
  ]);
  const eventLines = events.trim().split('\n').slice(-EVENT_LINES).filter((line) => line !== '').map((line) => `  ${line}`);
  return [describeTrouble(trouble), ...(eventLines.length === 0 ? [] : ['its latest events:', ...eventLines]), describeLog(log, `kubectl ${logCommand.join(' ')}`)].join('\n');
}

/** A container that never ran has no log, and one that is gone no events. */
function orNothing(asking: Promise<string>): Promise<string> {
  return asking.catch(() => '');
}
