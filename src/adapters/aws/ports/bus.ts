import * as z from 'zod';
import { eventBridgeClient } from '../clients/eventbridge-client.ts';
import { eventBridgeBus } from '../eventbridge-bus.ts';
import { awsPort, text } from './aws-port.ts';

/** The bus of the deployment. */
export const bus = awsPort(z.object({ EVENT_BUS: text }), ({ EVENT_BUS }) =>
  eventBridgeBus({ client: eventBridgeClient(), bus: EVENT_BUS }),
);
