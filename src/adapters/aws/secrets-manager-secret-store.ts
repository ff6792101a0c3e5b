import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  paginateListSecrets,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretPlace, SecretStore } from '../../ports/secret-store.ts';
import { secretName, secretValue } from '../secret-name.ts';
import { awsFailure, isNamed } from './aws-failure.ts';

/**
 * Secrets in Secrets Manager, `{prefix}/{tenant}/{name}`. A deleted one is gone at once, without the usual days of grace: a
 * credential that came with a run is not to outlive it. AWS finishes the deletion in the background, so the same name may be
 * refused for some seconds; names of runs never come again.
 */
export const secretsManagerSecretStore = (place: {
  readonly client: SecretsManagerClient;
  readonly prefix: string;
}): SecretStore => {
  const { client, prefix } = place;
  const store = `Secrets Manager (${prefix}/…)`;
  const idOf = (tenant: string, name: string): string => `${prefix}/${secretName(tenant, name)}`;

  /** Most secrets are put once, so creating is tried first; of two that create at once, the later replaces the value. */
  const createOrReplace = async (id: string, value: string): Promise<void> => {
    try {
      await client.send(new CreateSecretCommand({ Name: id, SecretString: value }));
    } catch (thrown) {
      if (!isNamed(thrown, 'ResourceExistsException')) throw thrown;
      await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
    }
  };

  return {
    async put(tenant, name, value) {
      const id = idOf(tenant, name);
      const checked = secretValue(name, value);
      await createOrReplace(id, checked).catch((thrown: unknown) => {
        throw awsFailure(store, thrown);
      });
    },

    async get(tenant, name) {
      const id = idOf(tenant, name);
      try {
        const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
        return SecretString;
      } catch (thrown) {
        // InvalidRequestException: it is marked for deletion.
        if (isNamed(thrown, 'ResourceNotFoundException', 'InvalidRequestException')) return undefined;
        throw awsFailure(store, thrown);
      }
    },

    async list() {
      const places: SecretPlace[] = [];
      const query = { Filters: [{ Key: 'name' as const, Values: [`${prefix}/`] }], MaxResults: 100 };
      try {
        for await (const { SecretList = [] } of paginateListSecrets({ client }, query))
          for (const { Name = '', LastChangedDate, CreatedDate } of SecretList) {
            const [tenant = '', ...name] = Name.slice(prefix.length + 1).split('/');
            const put = LastChangedDate ?? CreatedDate ?? new Date(0);
            // The filter is about the beginnings of words, in capitals or not.
            if (Name.startsWith(`${prefix}/`)) places.push({ tenant, name: name.join('/'), put_at: put.toISOString() });
          }
        return places;
      } catch (thrown) {
        throw awsFailure(store, thrown);
      }
    },

    async delete(tenant, name) {
      const id = idOf(tenant, name);
      try {
        await client.send(new DeleteSecretCommand({ SecretId: id, ForceDeleteWithoutRecovery: true }));
      } catch (thrown) {
        if (!isNamed(thrown, 'ResourceNotFoundException')) throw awsFailure(store, thrown);
      }
    },
  };
};
