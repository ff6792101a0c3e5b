import { loadSettings } from '../../bin/local/settings.ts';
import { startService } from '../../bin/local/service.ts';

/** The service as a process that can be killed: it prints one line of JSON when it is up, and stops with its standard input. */

const service = await startService(loadSettings());
const dataset = await service.seed('sensors');
process.stdout.write(`${JSON.stringify({ url: service.url, apiKey: service.apiKey, dataset })}\n`);
process.stdin.resume().once('close', () => {
  void service.stop().then(() => process.exit());
});
