import * as z from 'zod';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A port that is made from environment variables: the port, or what is wrong with them. */
export type AwsPort<T> = (
  environment: Environment,
) => { readonly port: T } | { readonly complaints: readonly string[] };

/** A variable that the stack sets for whoever has the port. */
export const text = z.string().min(1);

/**
 * A port with the variables that it needs, which are checked before it is made. Making it asks AWS for nothing.
 *
 * @example awsPort(z.object({ BUCKET_NAME: text }), ({ BUCKET_NAME }) => s3ObjectStore({ client, bucket: BUCKET_NAME }))
 */
export const awsPort =
  <S, T>(variables: z.ZodType<S>, make: (settings: S) => T): AwsPort<T> =>
  (environment) => {
    const parsed = variables.safeParse(environment);
    return parsed.success
      ? { port: make(parsed.data) }
      : { complaints: parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`) };
  };
