import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Failure, toFailure } from '../../contracts/failure.ts';
import type { BrokenCall, Model } from '../../ports/model.ts';
import { noTokens } from '../../domain/budget/usage.ts';
import { claudeModel } from '../claude-model.ts';
import { awsFailure } from './aws-failure.ts';

/** The model, with its API key from Secrets Manager: asked for once, at the first call, so that no other function waits. */
export const modelWithSecretKey = (place: {
  readonly client: SecretsManagerClient;
  readonly secret: string;
}): Model => {
  let model: Promise<Model> | undefined;
  return {
    kind: 'model',
    async reply(request) {
      const loading = (model ??= load(place));
      // The key may have been replaced since: the next call asks again.
      const forget = (): void => (model = undefined);
      const loaded = await loading.catch((thrown: unknown): BrokenCall => {
        forget();
        return { failure: toFailure(thrown), spent: noTokens };
      });
      if ('failure' in loaded) return loaded;
      const answer = await loaded.reply(request).catch((thrown: unknown) => {
        forget();
        throw thrown;
      });
      if ('failure' in answer) forget();
      return answer;
    },
  };
};

const load = async ({ client, secret }: Parameters<typeof modelWithSecretKey>[0]): Promise<Model> => {
  const found = await client.send(new GetSecretValueCommand({ SecretId: secret })).catch((thrown: unknown) => {
    throw awsFailure(`The secret ${secret}`, thrown);
  });
  const key = found.SecretString?.trim() ?? '';
  if (key === '') {
    throw new Failure('SETTING_INVALID', `The secret "${secret}" is empty. Put the API key of the model into it.`, {
      where: 'MODEL_KEY_SECRET',
    });
  }
  return claudeModel({ apiKey: key });
};
