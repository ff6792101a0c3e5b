import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { checkContextKeys } from '../../lib/check-context-keys.ts';
import { contextKeys } from '../../lib/context-keys.ts';
import { stackTemplate } from './template.ts';

const lib = resolve(import.meta.dirname, '../../lib');
const check = (context: Readonly<Record<string, unknown>>) => () => checkContextKeys(new App({ context }).node);

describe('the keys of the context', () => {
  it('that are misspelt end the synthesis with the nearest', () => {
    expect(check({ alarmEmail: 'you@example.com' })).toThrow('Did you mean alarmEmails?');
    expect(check({ 'alarm-emails': 'you@example.com' })).toThrow('Did you mean alarmEmails?');
    expect(check({ protectdata: 'false' })).toThrow('Did you mean protectData?');
    expect(check({ colour: 'blue' })).toThrow(/"colour", which nothing reads\. There are: alarmEmails, /);
    expect(() => stackTemplate({ sandboxs: '10' })).toThrow('Did you mean sandboxes?');
  });

  it('that are the CDK’s own are not judged', () => {
    const own = {
      '@aws-cdk/core:newStyleStackSynthesis': true,
      'aws:cdk:enable-path-metadata': true,
      'availability-zones:account=1:region=eu-central-1': [],
      'acknowledged-issue-numbers': [1],
      'cli-telemetry': false,
    };
    expect(check({ ...own, sandboxes: '4' })).not.toThrow();
  });

  it('are all read somewhere', () => {
    const code = globSync('**/*.ts', { cwd: lib })
      .filter((file) => file !== 'context-keys.ts')
      .map((file) => readFileSync(join(lib, file), 'utf8'))
      .join('');
    expect(contextKeys.filter((key) => !new RegExp(`'${key}'|^  ${key}: `, 'm').test(code))).toEqual([]);
  });

  it.each([
    [{ alarmEmails: 'you@example.com;me@example.com' }, 'an e-mail address'],
    [{ alarmEmails: 'you' }, 'an e-mail address'],
    [{ protectData: 'no' }, 'true or false'],
    [{ requestsPerMinute: 'many' }, 'a whole number, 0 for no limit'],
    [{ origins: 'https://a.example/' }, 'an origin'],
  ])('end the synthesis with a value like %o', (context, form) => {
    expect(() => stackTemplate(context)).toThrow(form);
  });
});
