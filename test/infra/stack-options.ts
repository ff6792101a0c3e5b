import type { Context } from './template.ts';

/** What a deployment may choose in the context, each choice with a value that shows; `default` is none of them. */
export const stackOptions = {
  'databases-and-buckets': {
    databases: '10.0.8.0/24:5432',
    databaseHosts: 'db.example.com',
    sourceBuckets: 'exports',
    endpoints: 'pl-0123abcd',
    vpcCidr: '10.9.0.0/20',
  },
  'brought-network': {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: 'subnet-0123456789abcdef0,subnet-89abcdef',
    endpoints: 'pl-0123abcd,sg-0123456789abcdef0',
    databases: 'sg-89abcdef:3306',
  },
  'image-by-digest': {
    sandboxImage: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/surveyor@sha256:${'a'.repeat(64)}`,
  },
  'warm-sandboxes': { sandboxes: '10', warmSandboxes: '2' },
  model: { modelKeySecret: 'anthropic' },
  'token-issuer': { jwtIssuer: 'https://login.example/', jwtAudience: 'surveyor', jwtRolesClaim: 'groups' },
  browsers: { origins: 'https://a.example', requestsPerMinute: '60' },
  unprotected: { protectData: 'false' },
} as const satisfies Readonly<Record<string, Context>>;

/** A choice in the context. */
export type StackOption = keyof typeof stackOptions;
