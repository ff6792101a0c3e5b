import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadSettings, parseSettings } from '../../../bin/local/settings.ts';
import { tokenIssuerVariables } from '../../../src/contracts/token-issuer.ts';
import { Failure } from '../../../src/contracts/failure.ts';

const parse = (environment: Record<string, string>) => parseSettings(environment, '/clone', '/home/ada');

const failureOf = (environment: Record<string, string>): Failure => {
  try {
    parse(environment);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('the settings were taken');
};

describe('settings', () => {
  it('need nothing to be set', () => {
    expect(parse({ PATH: '/bin', SURVEYOR_HOME: '' })).toEqual({
      root: '/clone',
      home: '/clone/.surveyor',
      configDir: '/home/ada/.config/surveyor',
      cacheDir: '/home/ada/.cache/surveyor',
      promptsDir: '/clone/prompts',
      promptVariables: {},
      port: 8787,
      logLevel: 'INFO',
      isolation: 'process',
      sandboxes: 4,
      warmSandboxes: 1,
      requestsPerMinute: 600,
      origins: [],
      webhookNetworks: [],
    });
  });

  it('take every variable', () => {
    expect(
      parse({
        SURVEYOR_HOME: 'data',
        SURVEYOR_PORT: '0',
        SURVEYOR_MODEL: 'claude-x',
        SURVEYOR_PYTHON: '/usr/bin/python3.12',
        SURVEYOR_LOG_LEVEL: 'debug',
        SURVEYOR_ISOLATION: 'full',
        SURVEYOR_SANDBOXES: '2',
        SURVEYOR_WARM_SANDBOXES: '0',
        SURVEYOR_REQUESTS_PER_MINUTE: '0',
        SURVEYOR_ORIGINS: 'https://a.example, http://localhost:3000',
        SURVEYOR_WEBHOOK_NETWORKS: '127.0.0.0/8, ::1/128',
        SURVEYOR_PROMPT_CATALOGING: 'aWQ6IHg=',
        ANTHROPIC_API_KEY: 'sk-ant-1',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
        XDG_CONFIG_HOME: '/c',
        XDG_CACHE_HOME: '/k',
      }),
    ).toEqual({
      root: '/clone',
      home: '/clone/data',
      configDir: '/c/surveyor',
      cacheDir: '/k/surveyor',
      promptsDir: '/clone/prompts',
      promptVariables: { SURVEYOR_PROMPT_CATALOGING: 'aWQ6IHg=' },
      port: 0,
      anthropicApiKey: 'sk-ant-1',
      anthropicBaseUrl: 'http://127.0.0.1:9',
      model: 'claude-x',
      python: '/usr/bin/python3.12',
      logLevel: 'DEBUG',
      isolation: 'full',
      sandboxes: 2,
      warmSandboxes: 0,
      requestsPerMinute: 0,
      origins: ['https://a.example', 'http://localhost:3000'],
      webhookNetworks: ['127.0.0.0/8', '::1/128'],
    });
  });

  it.each([
    ['SURVEYOR_PORT', '80a'],
    ['SURVEYOR_PORT', ' '],
    ['SURVEYOR_PORT', '65536'],
    ['SURVEYOR_PORT', '-1'],
    ['SURVEYOR_PORT', '1e3'],
    ['SURVEYOR_LOG_LEVEL', 'LOUD'],
    ['SURVEYOR_ISOLATION', 'strong'],
    ['SURVEYOR_SANDBOXES', '0'],
    ['SURVEYOR_SANDBOXES', '65'],
    ['SURVEYOR_WARM_SANDBOXES', '-1'],
    ['SURVEYOR_REQUESTS_PER_MINUTE', '-1'],
    ['SURVEYOR_ORIGINS', 'a.example'],
    ['SURVEYOR_ORIGINS', 'https://a.example/path'],
    ['SURVEYOR_ORIGINS', '*'],
    ['SURVEYOR_MODEL', 'x'.repeat(201)],
    ['SURVEYOR_PROMPT_SUMMARY', 'id: summary'],
    ['SURVEYOR_PROMPT_SUMMARY', '/////w=='],
    ['ANTHROPIC_BASE_URL', 'http://example.com'],
    ['ANTHROPIC_BASE_URL', 'http://127.0.0.1.example.com'],
    ['ANTHROPIC_BASE_URL', 'api.anthropic.com'],
    ['XDG_CONFIG_HOME', 'relative'],
    ['XDG_CACHE_HOME', './relative'],
  ])('name %s where it is wrong (%j) and say what to write', (variable, value) => {
    const failure = failureOf({ [variable]: value });
    expect(failure).toMatchObject({ kind: 'SETTING_INVALID', where: variable });
    expect(failure.message).toMatch(new RegExp(`^${variable} is [^]*(use|set it to|longer than)[^]*\\.env`));
  });

  it('name all that is wrong at once, and no secret', () => {
    const failure = failureOf({ SURVEYOR_PORT: 'x', ANTHROPIC_API_KEY: 'sk-ant secret' });
    expect(failure.where).toBe('SURVEYOR_PORT, ANTHROPIC_API_KEY');
    expect(failure.message).not.toContain('secret');
  });

  it('come from .env too, which the environment goes before', () => {
    const root = mkdtempSync(join(tmpdir(), 'surveyor-settings-'));
    writeFileSync(
      join(root, '.env'),
      'SURVEYOR_PORT=9000\nSURVEYOR_MODEL="from file" # remark\nANTHROPIC_API_KEY=sk-file\n',
    );
    const settings = loadSettings({ SURVEYOR_PORT: '9001', ANTHROPIC_API_KEY: '' }, root);
    rmSync(root, { recursive: true });
    expect(settings).toMatchObject({ port: 9001, model: 'from file', home: join(root, '.surveyor') });
    expect(settings).not.toHaveProperty('anthropicApiKey');
  });

  it('are all in .env.example, which says what holds without them', () => {
    const example = parseEnv(readFileSync('.env.example', 'utf8'));
    const text = readFileSync('bin/local/settings.ts', 'utf8');
    const read = new Set(text.match(/(?<=^ {4})(SURVEYOR|ANTHROPIC|AWS|XDG)_[A-Z0-9_]+(?=:)/gm));
    expect(Object.keys(example).toSorted()).toEqual(
      [
        ...read,
        ...Object.keys(tokenIssuerVariables),
        'SURVEYOR_PROMPT_CATALOGING',
        'SURVEYOR_PROMPT_SUMMARY',
      ].toSorted(),
    );
    expect(parse(example as Record<string, string>)).toEqual(parse({}));
  });
});
