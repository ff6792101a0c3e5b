import { type ApiClient, apiClient, readReportPage } from '../../src/contracts/client.ts';
import type { ServiceLink } from '../commands/service-link.ts';
import type { RemoteSettings } from '../local/settings.ts';
import { explainRemote } from './explain-remote.ts';
import { remoteKey } from './remote-key.ts';

/** Each look is two calls of functions that somebody pays for, and a run there takes minutes. */
const pollMilliseconds = 2_000;

/** The same functions, with failures explained. */
const explaining = (client: ApiClient, explain: (thrown: unknown) => Promise<Error>): ApiClient =>
  // A method of the proxied client is called with what it was given, so its type stays true.
  new Proxy(client, {
    get: (target, name: keyof ApiClient) => async (fields: never) => {
      try {
        return await target[name](fields);
      } catch (thrown) {
        throw await explain(thrown);
      }
    },
  });

/** An API that runs elsewhere; the signal ends requests. Nothing is asked before a command does. Fails with SETTING_INVALID where there is no key. */
export const connectRemote = (settings: RemoteSettings, signal?: AbortSignal): ServiceLink => {
  const { url } = settings;
  const { key: apiKey, from } = remoteKey(settings);
  const api = { baseUrl: url, apiKey, ...(signal && { signal }) };
  const explain = (thrown: unknown): Promise<Error> => explainRemote(thrown, { url, from });
  return {
    url,
    client: explaining(apiClient(api), explain),
    isOwn: false,
    pollMilliseconds,
    reportPage: async (id, agent) => {
      try {
        return await readReportPage(api, { id, agent });
      } catch (thrown) {
        throw await explain(thrown);
      }
    },
    // Its reports lie in a bucket, and a browser has no key to read them with.
    reportFile: () => undefined,
    browserUrl: async () => undefined,
    close: async () => undefined,
  };
};
