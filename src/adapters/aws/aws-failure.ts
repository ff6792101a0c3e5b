import { Failure } from '../../contracts/failure.ts';

/** Whether an error has one of the names; errors of AWS are told apart by name. */
export const isNamed = (thrown: unknown, ...names: readonly string[]): boolean =>
  thrown instanceof Error && names.includes(thrown.name);

/** An error of an AWS service as a STORAGE_FAILED that says which store it was and what to check. */
export const awsFailure = (store: string, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new Failure(
    'STORAGE_FAILED',
    `${store} did not answer as it should: ${error.message} (${error.name}). ${remedy(error)}`,
    {
      where: store,
      cause: thrown,
    },
  );
};

const remedy = (error: Error): string => {
  switch (error.name) {
    case 'AccessDenied':
    case 'AccessDeniedException':
      return 'Grant the function’s role access to it.';
    case 'ResourceNotFoundException':
    case 'NoSuchBucket':
      return 'Check that it was deployed, in this account and region.';
    case 'CredentialsProviderError':
    case 'ExpiredTokenException':
    case 'UnrecognizedClientException':
      return 'Check the AWS credentials.';
    default:
      return 'Try again; if it stays so, look at the service’s state and quotas.';
  }
};
