import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientLimits } from './client-limits.ts';
import { once } from './once.ts';

/** The client of EventBridge. */
export const eventBridgeClient = once(() => new EventBridgeClient(clientLimits));
