import type { Task } from '@aws-sdk/client-ecs';
import { type TaskProblem, problemFrom, problemOfTask } from './task-problem.ts';

/** How far a task is, as DescribeTasks tells it. */
export type TaskState =
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly address: string }
  | { readonly state: 'stopped'; readonly problem: TaskProblem };

/** Reads a task's description; one that ECS does not know of any more has stopped an hour ago or longer. */
export const taskState = (task: Task | undefined): TaskState => {
  if (task === undefined) return { state: 'stopped', problem: problemFrom('The task is not known any more.', 3) };
  if (task.desiredStatus === 'STOPPED' || task.lastStatus === 'STOPPED')
    return { state: 'stopped', problem: problemOfTask(task) };
  const address = addressOf(task);
  return task.lastStatus === 'RUNNING' && address !== undefined ? { state: 'running', address } : { state: 'starting' };
};

/** The private address of a task's network interface. */
const addressOf = ({ attachments = [] }: Task): string | undefined =>
  attachments
    .filter(({ type }) => type === 'ElasticNetworkInterface')
    .flatMap(({ details = [] }) => details)
    .find(({ name }) => name === 'privateIPv4Address')?.value;
