import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { parseNetworks } from '../../src/adapters/address-guard.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { IsolationLevel } from '../../src/contracts/isolation.ts';
import { LogLevel } from '../../src/contracts/log-entry.ts';
import { type TokenIssuer, tokenIssuerOf, tokenIssuerVariables } from '../../src/contracts/token-issuer.ts';

/** What can be set from outside, checked and with the defaults filled in. `.env.example` explains each. */
export type Settings = {
  /** The clone that this code is part of. */
  readonly root: string;
  /** Runs, reports, datasets: all data. */
  readonly home: string;
  /** The API key and the key of the secret store: apart from the data. */
  readonly configDir: string;
  /** What can be made again, such as the kernel's Python environment. */
  readonly cacheDir: string;
  readonly promptsDir: string;
  /** The variables `SURVEYOR_PROMPT_{AGENT}`: whole prompts in base64, in place of files of `promptsDir`. */
  readonly promptVariables: Readonly<Record<string, string>>;
  /** 0 means any free port. */
  readonly port: number;
  readonly anthropicApiKey?: string;
  readonly anthropicBaseUrl?: string;
  readonly model?: string;
  /** Where objects of buckets are, in the place of S3. */
  readonly objectOrigin?: string;
  readonly python?: string;
  readonly logLevel: LogLevel;
  /** The weakest jail that is good enough. */
  readonly isolation: IsolationLevel;
  /** The most sandboxes at once. */
  readonly sandboxes: number;
  /** Of them, those that are kept ready. */
  readonly warmSandboxes: number;
  /** Of one API key; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** Whose pages may call the API from a browser. */
  readonly origins: readonly string[];
  /** Networks that webhooks may send to beside the open internet. */
  readonly webhookNetworks: readonly string[];
  /** Whose tokens are taken beside API keys. */
  readonly issuer?: TokenIssuer;
  /** The API that commands speak to in the place of this machine's service. */
  readonly remote?: RemoteSettings;
};

/** Where an API is that runs elsewhere, and where its key is found. */
export type RemoteSettings = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key?: string | undefined;
  /** Read where there is no key. */
  readonly keyFile?: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

// Each message goes on after the name of the variable, and none repeats a value that may be a secret.
const not = (problem: string) => ({ error: problem });

const port = not('is not a port: use a whole number from 0 (any free port) to 65535');
const absolute = not('is a relative path, which the XDG rules forbid: use one that starts with /');
const isolation = not(`is not a level of isolation: use one of ${IsolationLevel.options.join(', ')}`);
const sandboxes = not('is not a number of sandboxes: use a whole number from 1 to 64');
const warmSandboxes = not('is not a number of sandboxes: use a whole number from 0 to 64');
const requests = not('is not a number of requests: use a whole number, 0 for no limit');
const origins = not('is not a list of origins: use https://example.com, separated by commas');
const networks = not('is not a list of networks: use 10.1.0.0/16, separated by commas');
const apiUrl = not(
  'is not the address of an API: use https://… (http:// on this machine alone) as the stack’s output ApiUrl has it, without a user, a query or a fragment',
);
const apiKey = not('has a blank or a character in it that no key has: copy the key once more');
const prompt = not('is not base64 of UTF-8 text: set it to the output of `base64 < my-prompt.yaml | tr -d "\\n"`');

// A key that is sent in the clear to another machine is a leaked key.
const isSafeUrl = (text: string): boolean => {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
};

const isApiUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return isSafeUrl(text) && url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
};

const isBase64Text = (value: string): boolean => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  return !Buffer.from(value, 'base64').toString('utf8').includes('\uFFFD');
};

const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text;

const promptVariable = /^SURVEYOR_PROMPT_[A-Z][A-Z0-9_]*$/;

const Variables = z
  .object({
    SURVEYOR_HOME: z.string().default('.surveyor'),
    SURVEYOR_PORT: z.string().regex(/^\d+$/, port).transform(Number).pipe(z.number().max(65_535, port)).default(8787),
    SURVEYOR_MODEL: z.string().max(200, not('is longer than a model name can be (200 characters)')).optional(),
    SURVEYOR_PYTHON: z.string().optional(),
    SURVEYOR_LOG_LEVEL: z
      .string()
      .toUpperCase()
      .pipe(z.enum(LogLevel.options, not(`is not a level: use one of ${LogLevel.options.join(', ')}`)))
      .default('INFO'),
    SURVEYOR_SANDBOXES: z
      .string()
      .regex(/^\d+$/, sandboxes)
      .transform(Number)
      .pipe(z.number().min(1, sandboxes).max(64, sandboxes))
      .default(4),
    SURVEYOR_WARM_SANDBOXES: z
      .string()
      .regex(/^\d+$/, warmSandboxes)
      .transform(Number)
      .pipe(z.number().max(64, warmSandboxes))
      .default(1),
    SURVEYOR_ISOLATION: z.enum(IsolationLevel.options, isolation).default('process'),
    SURVEYOR_REQUESTS_PER_MINUTE: z
      .string()
      .regex(/^\d{1,9}$/, requests)
      .transform(Number)
      .default(600),
    SURVEYOR_ORIGINS: z
      .string()
      .transform((text) => text.split(',').map((origin) => origin.trim()))
      .refine((list) => list.every(isOrigin), origins)
      .default([]),
    SURVEYOR_WEBHOOK_NETWORKS: z
      .string()
      .transform((text, context) => {
        const parsed = parseNetworks(text);
        if (parsed !== undefined) return parsed;
        context.addIssue({ code: 'custom', message: networks.error });
        return z.NEVER;
      })
      .default([]),
    ...tokenIssuerVariables,
    SURVEYOR_API_URL: z
      .string()
      .refine(isApiUrl, apiUrl)
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    SURVEYOR_API_KEY: z
      .string()
      .regex(/^[\x21-\x7e]+$/, apiKey)
      .optional(),
    SURVEYOR_API_KEY_FILE: z.string().optional(),
    ANTHROPIC_API_KEY: z
      .string()
      .regex(/^[\x21-\x7e]+$/, not('has a blank or a character in it that no key has: copy the key once more'))
      .optional(),
    ANTHROPIC_BASE_URL: z
      .string()
      .refine(isSafeUrl, not('is not a URL the key can be sent to: use https://…, or http:// on this machine alone'))
      .optional(),
    AWS_ENDPOINT_URL_S3: z
      .string()
      .refine(
        isSafeUrl,
        not('is not a URL that buckets can be read from: use https://…, or http:// on this machine alone'),
      )
      .optional(),
    XDG_CONFIG_HOME: z.string().startsWith('/', absolute).optional(),
    XDG_CACHE_HOME: z.string().startsWith('/', absolute).optional(),
  })
  .catchall(z.string().refine(isBase64Text, prompt));

/** Settings from the variables of an environment; a variable set to nothing counts as not set. */
export const parseSettings = (environment: Environment, root: string, userHome: string): Settings => {
  const known = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && entry[1] !== '' && (entry[0] in Variables.shape || promptVariable.test(entry[0])),
  );
  const parsed = Variables.safeParse(Object.fromEntries(known));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
    throw new Failure('SETTING_INVALID', `${problems.join('\n')}\nCorrect it in the environment or in .env.`, {
      where: parsed.error.issues.map((issue) => issue.path.join('.')).join(', '),
    });
  }
  const set = parsed.data;
  const issuer = tokenIssuerOf(set);
  return {
    root,
    home: resolve(root, set.SURVEYOR_HOME),
    configDir: join(set.XDG_CONFIG_HOME ?? join(userHome, '.config'), 'surveyor'),
    cacheDir: join(set.XDG_CACHE_HOME ?? join(userHome, '.cache'), 'surveyor'),
    promptsDir: join(root, 'prompts'),
    promptVariables: Object.fromEntries(known.filter(([name]) => promptVariable.test(name))),
    port: set.SURVEYOR_PORT,
    logLevel: set.SURVEYOR_LOG_LEVEL,
    isolation: set.SURVEYOR_ISOLATION,
    sandboxes: set.SURVEYOR_SANDBOXES,
    warmSandboxes: set.SURVEYOR_WARM_SANDBOXES,
    requestsPerMinute: set.SURVEYOR_REQUESTS_PER_MINUTE,
    origins: set.SURVEYOR_ORIGINS,
    webhookNetworks: set.SURVEYOR_WEBHOOK_NETWORKS,
    ...(issuer !== undefined && { issuer }),
    ...(set.SURVEYOR_API_URL !== undefined && {
      remote: { url: set.SURVEYOR_API_URL, key: set.SURVEYOR_API_KEY, keyFile: set.SURVEYOR_API_KEY_FILE },
    }),
    ...(set.ANTHROPIC_API_KEY !== undefined && { anthropicApiKey: set.ANTHROPIC_API_KEY }),
    ...(set.ANTHROPIC_BASE_URL !== undefined && { anthropicBaseUrl: set.ANTHROPIC_BASE_URL }),
    ...(set.AWS_ENDPOINT_URL_S3 !== undefined && { objectOrigin: set.AWS_ENDPOINT_URL_S3 }),
    ...(set.SURVEYOR_MODEL !== undefined && { model: set.SURVEYOR_MODEL }),
    ...(set.SURVEYOR_PYTHON !== undefined && { python: set.SURVEYOR_PYTHON }),
  };
};

/** The folder of this clone. */
export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Settings from the environment and, for what is not set there, from `.env` in the clone. */
export const loadSettings = (environment: Environment = process.env, root: string = projectRoot): Settings => {
  const file = join(root, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return parseSettings({ ...fromFile, ...environment }, root, homedir());
};
