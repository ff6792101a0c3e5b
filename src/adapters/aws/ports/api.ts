import * as z from 'zod';
import { tokenIssuerOf, tokenIssuerVariables } from '../../../contracts/token-issuer.ts';
import { awsPort } from './aws-port.ts';

/** What the edge of the API is told from outside. */
export const api = awsPort(
  z.object({
    SURVEYOR_REQUESTS_PER_MINUTE: z.coerce.number().int().nonnegative().default(600),
    SURVEYOR_ORIGINS: z.string().default(''),
    ...tokenIssuerVariables,
  }),
  ({ SURVEYOR_REQUESTS_PER_MINUTE, SURVEYOR_ORIGINS, ...issuer }) => ({
    requests_per_minute: SURVEYOR_REQUESTS_PER_MINUTE,
    origins: SURVEYOR_ORIGINS.split(',').filter((origin) => origin !== ''),
    issuer: tokenIssuerOf(issuer),
  }),
);
