import { describe, expect, it } from 'vitest';
import { problemOfCall, problemOfTask } from '../../../../src/adapters/aws/fargate/task-problem.ts';
import { taskState } from '../../../../src/adapters/aws/fargate/task-state.ts';

const failedToStart = (stoppedReason: string) => problemOfTask({ stopCode: 'TaskFailedToStart', stoppedReason });

describe('why a task did not start', () => {
  // The texts are those of AWS’s own pages on stopped tasks.
  it.each([
    ['CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref', 'image', false],
    ['CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout', 'ECR and S3', false],
    [
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm',
      'certificate',
      false,
    ],
    ['ResourceInitializationError: failed to validate logger args: create stream has been retried', 'endpoints', false],
    ['Timeout waiting for network interface provisioning to complete.', 'network address', true],
    ['Network interface provision failed: InsufficientFreeAddressesInSubnet', 'free addresses', true],
    ['Capacity is unavailable at this time. Please try again later', 'capacity', true],
    ['Something that is not known', 'AWS says: TaskFailedToStart: Something', false],
  ])('is told of %s', (reason, said, passes) => {
    const problem = failedToStart(reason);
    expect(problem.message).toContain(said);
    expect(problem.message).toContain(reason.slice(0, 300));
    expect(problem.tries > 1).toBe(passes);
  });

  it('names the container that ended, with its exit code, and lets another try be made', () => {
    const problem = problemOfTask({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [
        { name: 'supervisor', exitCode: 1 },
        { name: 'kernels', exitCode: 137, reason: 'OutOfMemoryError' },
      ],
    });
    expect(problem.message).toContain('supervisor: exit code 1; kernels: exit code 137: OutOfMemoryError');
    expect(problem.tries).toBe(3);
  });

  it('is told of a call that was refused', () => {
    const error = (name: string, message: string) => Object.assign(new Error(message), { name, $fault: 'client' });
    const quota = error(
      'ThrottlingException',
      'You’ve reached the limit on the number of vCPUs you can run concurrently',
    );
    expect(problemOfCall(quota)).toMatchObject({ tries: 12, message: expect.stringContaining('quota') as string });
    expect(problemOfCall(error('AccessDeniedException', 'not authorized to perform: ecs:RunTask'))).toMatchObject({
      tries: 1,
      message: expect.stringContaining('role') as string,
    });
    expect(problemOfCall(Object.assign(new Error('oops'), { name: 'X', $fault: 'server' })).tries).toBe(12);
  });
});

describe('how far a task is', () => {
  const attachments = [
    {
      type: 'ElasticNetworkInterface',
      details: [
        { name: 'macAddress', value: '0a:00' },
        { name: 'privateIPv4Address', value: '10.71.0.9' },
      ],
    },
  ];

  it('is starting till it runs and shows an address', () => {
    expect(taskState({ lastStatus: 'PENDING', desiredStatus: 'RUNNING', attachments })).toEqual({ state: 'starting' });
    expect(taskState({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING', attachments: [] })).toEqual({
      state: 'starting',
    });
    expect(taskState({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING', attachments })).toEqual({
      state: 'running',
      address: '10.71.0.9',
    });
  });

  it('is stopped once it is to stop, and where ECS has forgotten it', () => {
    expect(taskState({ lastStatus: 'RUNNING', desiredStatus: 'STOPPED', attachments }).state).toBe('stopped');
    expect(taskState(undefined).state).toBe('stopped');
  });
});
