import { describe, expect, it } from 'vitest';
import { lines, machineOf, runMachine } from './run-machine.ts';

describe('a Succeed state', () => {
  it('ends the machine with its input', async () => {
    const { status, output, events } = await runMachine(machineOf({ Type: 'Succeed' }), { input: [1] });
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: [1] });
    expect(lines(events).slice(1)).toEqual([
      '2<-0 SucceedStateEntered',
      '3<-2 SucceedStateExited',
      '4<-3 ExecutionSucceeded',
    ]);
  });

  it('ends it with what Output makes of the input', async () => {
    const { output } = await runMachine(machineOf({ Type: 'Succeed', Output: '{% $count($states.input) %}' }), {
      input: [7, 8],
    });
    expect(output).toBe(2);
  });
});
