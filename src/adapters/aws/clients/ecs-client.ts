import { ECSClient } from '@aws-sdk/client-ecs';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of ECS. */
export const ecsClient = once(() => new ECSClient(clientLimits));
