import type { Command } from 'commander';
import { promptHash } from '../../src/adapters/prompt-hash.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Sha256 } from '../../src/contracts/common.ts';
import { Failure, toFailure } from '../../src/contracts/failure.ts';
import type { PromptChoice } from '../../src/contracts/stored-prompt.ts';
import { nearest } from '../../src/domain/nearest.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { programName } from '../program-name.ts';
import { readPromptFile } from './read-prompt-file.ts';
import { alignColumns, terminalOf } from './terminal.ts';
import { type PromptsPlace, withPrompts } from './with-prompts.ts';

type Place = { readonly stack?: string };

/** What an agent is told, as far as it can be seen from here. */
type PromptRow = {
  readonly agent: string;
  readonly from: 'setting' | 'chosen' | 'shipped';
  readonly setting?: string;
  readonly hash?: string;
  readonly version?: number;
  readonly chosen_at?: string;
  readonly problem?: string;
};

const example = `
A prompt is one file, as prompts/ has them; docs/prompts.md says what each field takes. A run that is under way keeps the
prompts that it began with. With --stack, prompts are those of a stack on AWS, reached with your own credentials.

Examples:
  ${programName} prompts list
  ${programName} prompts set cataloging my-prompt.yaml --stack surveyor
  ${programName} prompts reset cataloging --stack surveyor`;

const knownAgent = ({ agents }: PromptsPlace, given: string): string => {
  if (agents.includes(given)) return given;
  const [likely] = nearest(given, agents);
  throw new Failure(
    'INVALID_REQUEST',
    `There is no agent "${given}".${likely === undefined ? '' : ` Did you mean ${likely}?`} There are: ${agents.join(', ')}.`,
    { where: 'agent' },
  );
};

/** The hash of the prompt that is meant: of a file, which is kept then, or of one that is kept already. */
const keptHash = async (store: PromptStore, agent: string, given: string): Promise<string> => {
  if (!Sha256.safeParse(given).success) {
    const prompt = readPromptFile(given, agent);
    const hash = promptHash(prompt);
    // Whoever has the file mends what was broken under its hash.
    await store.replace(hash, prompt);
    return hash;
  }
  const kept = await store.read(given);
  if (kept?.document.id === agent) return given;
  throw new Failure(
    'NOT_FOUND',
    kept === undefined
      ? `No prompt is kept under ${given}. Give the file instead.`
      : `The prompt ${given} is of the agent "${kept.document.id}", not of "${agent}".`,
    { where: 'file' },
  );
};

const rowOf = async ({ store, settings }: PromptsPlace, agent: string, choice?: PromptChoice): Promise<PromptRow> => {
  const setting = settings.get(agent);
  if (setting !== undefined) return { agent, from: 'setting', setting };
  if (choice === undefined) return { agent, from: 'shipped' };
  const { hash, chosen_at } = choice;
  try {
    const kept = await store.read(hash);
    return kept === undefined
      ? { agent, from: 'chosen', hash, chosen_at, problem: 'it is gone, and runs fail' }
      : { agent, from: 'chosen', hash, chosen_at, version: kept.document.version };
  } catch (thrown) {
    return { agent, from: 'chosen', hash, chosen_at, problem: toFailure(thrown).message };
  }
};

const tableOf = (rows: readonly PromptRow[]): string =>
  alignColumns([
    ['AGENT', 'FROM', 'VERSION', 'SINCE (UTC)', 'HASH'],
    ...rows.map(({ agent, from, setting, version, chosen_at, hash, problem }) => [
      agent,
      setting ?? from,
      version === undefined ? '' : String(version),
      chosen_at?.slice(0, 16).replace('T', ' ') ?? '',
      [hash ?? '', ...(problem === undefined ? [] : [problem])].join(' '),
    ]),
  ]);

const set = async (place: PromptsPlace, given: string, file: string): Promise<PromptChoice> => {
  const agent = knownAgent(place, given);
  const setting = place.settings.get(agent);
  if (setting !== undefined)
    throw new Failure(
      'CONFLICT',
      `The prompt of ${agent} is named by ${setting}, which goes before what is chosen here. Change it there, or take it away there first.`,
      { where: setting },
    );
  const hash = await keptHash(place.store, agent, file);
  const choice = { agent, hash, chosen_at: systemClock().now().toISOString() };
  await place.store.choose(choice);
  return choice;
};

/** `surveyor prompts …`: what agents are told, in the place of what they come with. */
export const registerPrompts = (program: Command): void => {
  const group = program
    .command('prompts')
    .description('What agents are told: list, set, reset, add')
    .addHelpText('after', example);
  const sub = (verb: string, description: string): Command =>
    group
      .command(verb)
      .description(description)
      .option('--stack <name>', 'of this stack on AWS; else of this machine')
      .addHelpText('after', example);

  sub('list', 'Show which prompt each agent is told from the next run on').action(
    async ({ stack }: Place, command: Command) => {
      const rows = await withPrompts(stack, async (place) => {
        const choices = await place.store.choices();
        return Promise.all(
          place.agents.map((agent) =>
            rowOf(
              place,
              agent,
              choices.find((choice) => choice.agent === agent),
            ),
          ),
        );
      });
      terminalOf(command).print({ prompts: rows }, () => tableOf(rows));
    },
  );

  sub('set', 'Put another prompt in the place of an agent’s own, from the next run on')
    .argument('<agent>', 'the agent')
    .argument('<file>', 'the prompt: a YAML file, or the hash of one that was there before')
    .action(async (agent: string, file: string, { stack }: Place, command: Command) => {
      const choice = await withPrompts(stack, (place) => set(place, agent, file));
      terminalOf(command).print(choice, `${choice.agent} is told ${choice.hash} from the next run on.`);
    });

  sub('reset', 'Go back to the prompt that an agent comes with')
    .argument('<agent>', 'the agent')
    .action(async (given: string, { stack }: Place, command: Command) => {
      const reset = await withPrompts(stack, async (place) => ({
        agent: knownAgent(place, given),
        was_chosen: await place.store.reset(knownAgent(place, given)),
      }));
      terminalOf(command).print(
        reset,
        reset.was_chosen
          ? `${reset.agent} is told what it comes with, from the next run on.`
          : `Nothing was chosen for ${reset.agent}.`,
      );
    });

  sub('add', 'Keep a prompt under its hash, for the context of a deployment to name')
    .argument('<agent>', 'the agent')
    .argument('<file>', 'the prompt: a YAML file')
    .action(async (agent: string, file: string, { stack }: Place, command: Command) => {
      const added = await withPrompts(stack, async (place) => ({
        agent: knownAgent(place, agent),
        hash: await keptHash(place.store, knownAgent(place, agent), file),
      }));
      terminalOf(command).print(
        added,
        `Kept, and in force once a deployment names it: -c prompts=${added.agent}=${added.hash}`,
      );
    });
};
