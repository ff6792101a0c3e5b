import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { promptHash } from '../../src/adapters/prompt-hash.ts';
import { promptsInForce, type PromptSources } from '../../src/adapters/prompts-in-force.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { StoredPrompt } from '../../src/contracts/stored-prompt.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import { plainPrompt } from '../support/agent-loop.ts';

/** A store of prompts, and what somebody else can do to its objects. */
export type PromptsSubject = {
  readonly store: PromptStore;
  /** Writes an object of the store whatever it should hold; undefined removes it. */
  readonly spoil: (key: string, text: string | undefined) => Promise<void>;
};

const at = '2026-11-21T09:30:00.000Z';

/** What prompts do on every platform. The store may hold others; each test has an agent of its own. */
export const describePromptsContract = (name: string, makeSubject: () => Promise<PromptsSubject>): void => {
  describe(`${name}, as prompts`, () => {
    let subject: PromptsSubject;
    beforeAll(async () => {
      subject = await makeSubject();
    });

    const freshAgent = (): string => `agent-${randomUUID().slice(0, 8)}`;
    const promptOf = (agent: string, system: string): StoredPrompt => {
      const document = { ...plainPrompt, id: agent, system };
      return { text: JSON.stringify(document), document };
    };
    /** Prompts of an agent whose own is this one, as one process has them. */
    const promptsOf = (own: StoredPrompt, setting: PromptSources['setting'] = () => undefined) =>
      promptsInForce({
        shipped: async (agent) => {
          if (agent === own.document.id) return own;
          throw new Failure('NOT_FOUND', `No prompt for ${agent}.`);
        },
        setting,
        store: subject.store,
      });
    const found = (prompt: StoredPrompt) => ({ prompt: prompt.document, hash: promptHash(prompt) });
    const choose = async (agent: string, prompt: StoredPrompt): Promise<string> => {
      const hash = promptHash(prompt);
      await subject.store.keep(hash, prompt);
      await subject.store.choose({ agent, hash, chosen_at: at });
      return hash;
    };

    it('are what the agent comes with, until another one is chosen, and again when that is reset', async () => {
      const agent = freshAgent();
      const [own, other] = [promptOf(agent, 'Its own.'), promptOf(agent, 'Another one.')];
      const prompts = promptsOf(own);
      expect(await prompts.inForce(agent)).toEqual(found(own));
      const hash = await choose(agent, other);
      expect(await prompts.inForce(agent)).toEqual(found(other));
      expect(await subject.store.choice(agent)).toEqual({ agent, hash, chosen_at: at });
      expect(await subject.store.choices()).toContainEqual({ agent, hash, chosen_at: at });
      expect(await subject.store.reset(agent)).toBe(true);
      expect(await subject.store.reset(agent)).toBe(false);
      expect(await prompts.inForce(agent)).toEqual(found(own));
    });

    it('are what a setting names before all, by its hash or whole', async () => {
      const agent = freshAgent();
      const [own, other, set] = [promptOf(agent, '1'), promptOf(agent, '2'), promptOf(agent, '3')];
      await choose(agent, other);
      const hash = promptHash(set);
      await subject.store.keep(hash, set);
      expect(await promptsOf(own, () => hash).inForce(agent)).toEqual(found(set));
      expect(await promptsOf(own, () => set).inForce(agent)).toEqual(found(set));
    });

    it('are found by the hash that a run has, whatever is chosen, deployed or reset since', async () => {
      const agent = freshAgent();
      const own = promptOf(agent, 'Its own.');
      const { hash } = await promptsOf(own).inForce(agent);
      await choose(agent, promptOf(agent, 'Another one.'));
      const deployed = promptsOf(promptOf(agent, 'What a new version brings.'));
      expect(await deployed.find(agent, hash)).toEqual(found(own));
      await subject.store.reset(agent);
      expect(await deployed.find(agent, hash)).toEqual(found(own));
      // A run of an older version has none.
      expect((await deployed.find(agent, undefined)).prompt.system).toBe('What a new version brings.');
    });

    it('are kept once: what is under a hash stays', async () => {
      const agent = freshAgent();
      const own = promptOf(agent, 'Its own.');
      const hash = promptHash(own);
      await Promise.all([subject.store.keep(hash, own), subject.store.keep(hash, own)]);
      await subject.store.keep(hash, promptOf(agent, 'Something else under the same name.'));
      expect(await subject.store.read(hash)).toEqual(own);
      expect(await subject.store.read('0'.repeat(64))).toBeUndefined();
    });

    const failing = { kind: 'SETTING_INVALID' };

    it.each([
      ['is gone', undefined],
      ['is no JSON', '{'],
      ['has lost a field', JSON.stringify({ text: 'x' })],
      ['has another text', 'text'],
      ['tells the agent something else than its text', 'document'],
      ['was written anew with the same content', 'form'],
    ])('fail where the one in force %s, and none takes its place', async (_, damage) => {
      const agent = freshAgent();
      const own = promptOf(agent, 'Its own.');
      const prompts = promptsOf(own);
      const hash = await choose(agent, promptOf(agent, 'Another one.'));
      const { text, document } = promptOf(agent, 'Another one.');
      const edits = new Map([
        ['text', JSON.stringify({ text: 'edited', document })],
        ['document', JSON.stringify({ text, document: { ...document, system: 'Tell them nothing.' } })],
        ['form', JSON.stringify({ text, document }, undefined, 1)],
      ]);
      await subject.spoil(
        `.prompts/kept/${hash}.json`,
        damage === undefined ? undefined : (edits.get(damage) ?? damage),
      );
      await expect(prompts.inForce(agent)).rejects.toMatchObject(failing);
      await expect(prompts.find(agent, hash)).rejects.toMatchObject(failing);
      await subject.store.replace(hash, promptOf(agent, 'Another one.'));
      expect(await prompts.find(agent, hash)).toEqual(found(promptOf(agent, 'Another one.')));
    });

    it('fail where nobody can read which one was chosen, or it is another agent’s', async () => {
      const agent = freshAgent();
      const prompts = promptsOf(promptOf(agent, 'Its own.'));
      await subject.spoil(`.prompts/chosen/${agent}.json`, 'not readable');
      await expect(prompts.inForce(agent)).rejects.toMatchObject(failing);
      await subject.store.reset(agent);
      await choose(agent, promptOf('somebody-else', 'Of another agent.'));
      await expect(prompts.inForce(agent)).rejects.toMatchObject({
        ...failing,
        message: expect.stringContaining('somebody-else') as string,
      });
      await subject.store.reset(agent);
      await expect(prompts.inForce('nobody')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    });
  });
};
