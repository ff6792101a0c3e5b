import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { contextText, wrongContext } from '../context.ts';

/** The image of the sandbox: what a task definition names, and where it is pulled from. */
export type SandboxImage = { readonly uri: string; readonly repositoryArn: string };

const dockerfile = 'runner-task/Dockerfile';
const inRegistry = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)\/([a-z0-9._/-]+)@sha256:[0-9a-f]{64}$/;

/**
 * The image that the context names by its digest (`sandboxImage=<repository>@sha256:…`), or else the one that `cdk deploy`
 * builds: its tag is the hash of all that goes into it, in a repository whose tags do not move. Neither needs a container
 * engine here.
 */
export const sandboxImage = (scope: Construct, root: string): SandboxImage => {
  const given = contextText(scope.node, 'sandboxImage');
  if (given === undefined) return builtImage(scope, root);
  const [, account = '', region = '', , repository = ''] =
    inRegistry.exec(given) ??
    wrongContext(
      'sandboxImage',
      given,
      'an image of ECR by its digest: <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<64 hexadecimal digits>',
    );
  const repositoryArn = Stack.of(scope).formatArn({
    service: 'ecr',
    account,
    region,
    resource: 'repository',
    resourceName: repository,
  });
  return { uri: given, repositoryArn };
};

const builtImage = (scope: Construct, root: string): SandboxImage => {
  const lines = readFileSync(join(root, `${dockerfile}.dockerignore`), 'utf8').split('\n');
  const asset = new DockerImageAsset(scope, 'Image', {
    directory: root,
    file: dockerfile,
    // Docker would read the file by itself, but only after all of the folder was copied.
    exclude: lines.filter((line) => line !== ''),
    ignoreMode: IgnoreMode.DOCKER,
    platform: Platform.LINUX_AMD64,
  });
  return { uri: asset.imageUri, repositoryArn: asset.repository.repositoryArn };
};
