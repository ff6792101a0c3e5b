import { agentLoopName, compileAgentLoop } from './compile-agent-loop.ts';
import { compileProfile, profileName } from './compile-profile.ts';
import type { StateMachine } from './state-machine.ts';

/** The machines that chains start for parts of their work, by their names: they are deployed before any chain. */
export const partMachines: Readonly<Record<string, () => StateMachine>> = {
  [agentLoopName]: compileAgentLoop,
  [profileName]: compileProfile,
};

/** Their names. */
export const partMachineNames = Object.keys(partMachines);
